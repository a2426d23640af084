"""Take the byte order mark off a configuration file."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import LARGEST, both, in_bench
from recovery_console.core.edits import FileText
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class DropBom(Action):
	"""Take off the mark that some editors write before the text, and that Frappe cannot read."""

	title = _("Take the byte order mark off the configuration")
	risk = Risk.REVERSIBLE
	checks = ("config.readable",)

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		for _which, file in both(site):
			if file.problem is not None and file.problem.kind == "bom":
				found = site.files.stat(file.path)
				before = site.files.read_bytes(file.path, LARGEST)
				edit = FileText(
					in_bench(site, file.path),
					before,
					before.removeprefix(_BOM),
					found.mode if found else 0o600,
				)
				batches.append(batch("Path", in_bench(site, file.path), edit))
		return self.planned(site, _("Configuration files to take the byte order mark off: {count}"), batches)
