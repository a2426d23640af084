"""Set the address with which links in mails begin."""

from __future__ import annotations

from urllib.parse import urlsplit

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.checks.config.host_name import problem_of
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "host_name"
_LONGEST = 300


@dataclass(frozen=True)
class SetHostName(Action):
	"""Set host_name in site_config.json: to the address given, or to the one of now without path and slash."""

	title = _("Set the address in links")
	risk = Risk.DISRUPTIVE
	checks = ("config.host_name",)

	#: Such as https://erp.example.org; empty to mend the one of now.
	address: str = ""

	def plan(self, site: Site) -> Plan:
		now = str(site.config.get(KEY) or site.config.get("hostname") or "")
		wanted = self.address.strip() or _origin(now)
		problem = problem_of(wanted) if wanted and len(wanted) <= _LONGEST else _("It is empty or too long.")
		if problem or "@" in wanted:
			raise UsageError(
				f"{wanted[:100]!r} is no address for links. {problem}".strip(),
				remedy="Give the address with which users open the site (address), such as https://erp.example.org.",
			)
		edit = set_key(site, "site", KEY, wanted)
		return self.planned(
			site,
			_("Let links begin with {address}"),
			[batch("Setting", KEY, edit)] if edit.before != wanted else [],
			warnings=[_("Mails that wait already keep the links with which they were written.")],
			address=wanted,
			before=now,
		)


def _origin(value: str) -> str:
	try:
		parts = urlsplit(value if "://" in value else f"http://{value}")
	except ValueError:
		return value
	return f"{parts.scheme}://{parts.netloc}"
