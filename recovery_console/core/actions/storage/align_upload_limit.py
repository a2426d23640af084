"""Let all agree on how large an upload may be."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import document_key, noticed
from recovery_console.core.checks.storage.upload_limit import UploadLimit, nginx_limit
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import single_changed
from recovery_console.core.site import Site

_MIB = 1024**2
_KEY = "max_file_size"


@dataclass(frozen=True)
class AlignUploadLimit(Action):
	"""Set the limit for uploads to what was meant: bytes taken for megabytes, two limits, or more than nginx takes.

	A limit in the configuration that is too small to be meant in bytes is taken as megabytes; one that System
	Settings override is taken out; a limit above nginx's is lowered to it.
	"""

	title = _("Set the limit for uploads right")
	risk = Risk.REVERSIBLE
	needs = ("DocType",)
	checks = ("storage.upload_limit",)

	def plan(self, site: Site) -> Plan:
		in_settings = max(site.single_int("System Settings", _KEY), 0)
		in_config = max(site.config.number(_KEY, 0), 0)
		batches: list[Batch] = []
		if not in_settings and 0 < in_config < UploadLimit().smallest_bytes:
			batches.append(self._config(site, in_config * _MIB, _("bytes, meant as MB")))
		elif in_settings and in_config and in_config != in_settings * _MIB:
			batches.append(self._config(site, ABSENT, _("System Settings say {0} MB").format(in_settings)))
		nginx = (nginx_limit(site) or 0) // _MIB
		if nginx and in_settings > nginx:
			edit = single_changed(site, "System Settings", _KEY, nginx)
			name = document_key("System Settings", "System Settings")
			batches.append(
				batch(
					"File",
					"nginx.conf",
					*noticed(site, [name], edit),
					why=_("nginx takes {0} MB at the most").format(nginx),
				)
			)
		return self.planned(site, _("Limits for uploads to set right: {count}"), batches)

	@staticmethod
	def _config(site: Site, after: object, why: str) -> Batch:
		in_site = _KEY in site.config.site.values
		file = site.config.site if in_site else site.config.common
		edit = ConfigEdit("site" if in_site else "common", _KEY, file.values.get(_KEY, ABSENT), after)
		return batch("Setting", _KEY, edit, why=why)
