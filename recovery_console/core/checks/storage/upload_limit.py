"""Do all agree on how large an upload may be?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_MIB = 1024**2
_DEFAULT_MIB = 25
_NGINX = re.compile(r"^\s*client_max_body_size\s+(\d+)([kKmMgG]?)\s*;", re.MULTILINE)
_UNITS = {"": 1, "k": 1024, "m": _MIB, "g": 1024**3}


@dataclass(frozen=True)
class UploadLimit(Check):
	"""Do Frappe's limit for uploads, its two settings, and the web server's limit fit together?

	Cost: one setting, and the bench's nginx.conf where there is one.
	"""

	title = _("Upload limits")

	#: A limit below this was surely meant in MB and read in bytes.
	smallest_bytes: int = 100_000

	def run(self, site: Site) -> Answer:
		in_settings = max(site.single_int("System Settings", "max_file_size"), 0) * _MIB
		in_config = max(site.config.number("max_file_size", 0), 0)
		limit = in_settings or in_config or _DEFAULT_MIB * _MIB
		yield self.measure(upload_limit_mib=round(limit / _MIB, 1))
		if limit < self.smallest_bytes:
			yield self.critical(
				_("Requests larger than {limit} bytes are refused."),
				cause=_(
					"max_file_size in the configuration is in bytes; {limit} was probably meant in MB. It limits every"
					" request, so that even saving a document fails with Request Entity Too Large."
				),
				remedy=_(
					"Set it in System Settings, Max File Size (in MB), or with"
					" `bench --site {site} set-config max_file_size {bytes}` and a restart."
				),
				subject="tiny",
				subjects=[("Setting", "max_file_size")],
				limit=limit,
				bytes=limit * _MIB,
				site=site.name,
			)
		elif in_settings and in_config and in_settings != in_config:
			yield self.info(
				_(
					"Two limits for uploads are set; {limit_mib} MiB from System Settings is the one in force."
				),
				cause=_("max_file_size in the configuration says {other_mib} MiB, and is not looked at."),
				remedy=_("Take max_file_size out of the configuration file."),
				subject="two",
				subjects=[("Setting", "max_file_size")],
				limit_mib=round(limit / _MIB, 1),
				other_mib=round(in_config / _MIB, 1),
			)
		yield from self._nginx(site, limit)

	def _nginx(self, site: Site, limit: int) -> Iterator[Finding]:
		path = site.bench / "config" / "nginx.conf"
		smallest = nginx_limit(site)
		if smallest and smallest < limit:
			yield self.warning(
				_(
					"Uploads between {nginx_mib} and {limit_mib} MiB fail: nginx refuses what Frappe would take."
				),
				cause=_(
					"client_max_body_size in {path} is smaller than the site's limit; users see an error 413."
				),
				remedy=_(
					"Lower Max File Size in System Settings to {nginx_mib} MB; or raise client_max_body_size in {path},"
					" try it with `sudo nginx -t` and reload nginx. `bench setup nginx` writes 50m there again."
				),
				subject="nginx",
				subjects=[("File", "nginx.conf")],
				nginx_mib=round(smallest / _MIB, 1),
				limit_mib=round(limit / _MIB, 1),
				path=str(path),
			)


def nginx_limit(site: Site) -> int | None:
	"""Return the smallest limit in the bench's nginx.conf in bytes; None where there is none."""
	path = site.bench / "config" / "nginx.conf"
	if not site.files.exists(path):
		return None
	sizes = [int(size) * _UNITS[unit.lower()] for size, unit in _NGINX.findall(site.files.read_text(path))]
	return min((size for size in sizes if size), default=None)
