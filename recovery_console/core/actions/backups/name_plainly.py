"""Take the mark of encryption from the names of backups that are not encrypted."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.storage._paths import is_inside, relative
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import GZIP
from recovery_console.core.edits import FileMove
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class NamePlainly(Action):
	"""Take -enc out of the names of backups that gpg did not encrypt: a restore would try to decrypt them, and fail."""

	title = _("Name backups as what they are")
	risk = Risk.REVERSIBLE
	checks = ("backups.encrypted",)

	def plan(self, site: Site) -> Plan:
		folder = _sets.folder(site)
		if not is_inside(site, folder):
			raise NotApplicable(
				_("The backups lie outside the bench, in {0}: rename them there.").format(folder)
			)
		source = _sets.files(site)
		batches: list[Batch] = []
		for found in _sets.all_sets(site):
			dump = found.parts.get(_sets.DATABASE)
			if not found.encrypted or dump is None or source.read_bytes(dump.path, 3) != GZIP:
				continue
			names = [part.path.name for part in found.parts.values() if "-enc." in part.path.name]
			edits = [
				FileMove(relative(site, folder / name), relative(site, folder / name.replace("-enc.", ".")))
				for name in names
				if not site.files.exists(folder / name.replace("-enc.", "."))
			]
			if len(edits) == len(names):
				batches.append(batch("Backup", found.stamp, *edits))
		return self.planned(
			site,
			_("Backups to name as what they are: {count}"),
			batches,
			warnings=[_("They are not encrypted: whoever gets one can read it. See why gpg failed.")]
			if batches
			else [],
		)
