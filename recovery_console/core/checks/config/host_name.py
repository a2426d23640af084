"""Can the links in mails be opened?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_HOST = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*", re.IGNORECASE)
_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104 (compared with, not listened on)


@dataclass(frozen=True)
class HostName(Check):
	"""Is host_name, with which links in mails begin, a web address that others can open?

	Cost: none; the files were read when the site was opened.
	"""

	title = _("Address in links")

	def run(self, site: Site) -> Answer:
		value = site.config.get("host_name") or site.config.get("hostname")
		if not value:
			return
		problem = problem_of(str(value))
		if problem:
			yield self.warning(
				_("Links in mails do not work: host_name is {value}."),
				cause=problem
				+ " "
				+ _(
					"Links in mails (new passwords, invitations, documents) begin with it when a job sends them."
				),
				remedy=_(
					"Set it to the address with which users open the site, such as"
					" `bench --site {site} set-config host_name https://{site}`."
				),
				subjects=[("Setting", "host_name")],
				value=str(value),
				site=site.name,
			)


def problem_of(value: str) -> str:
	"""Return why links that begin with this do not work; empty where they do."""
	try:
		parts = urlsplit(value if "://" in value else f"http://{value}")
		host = parts.hostname or ""
		port_is_number = parts.port is None or parts.port > 0
	except ValueError:
		return _("It is not a web address.")
	if parts.scheme not in ("http", "https") or not port_is_number:
		return _("It is not a web address.")
	if host in _LOCAL:
		return _("Only this machine itself can open it.")
	if not _HOST.fullmatch(host):
		return _("It is not a web address.")
	if value.count("://") > 1 or parts.path.strip("/") or value.endswith("/"):
		return _("It has a path or a slash behind the host, which makes every link wrong.")
	return ""
