"""Read a backup from beginning to end."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.backups._choosing import chosen_set
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._ends import what_is_wrong
from recovery_console.core.checks.backups._unpack import Deadline, read_archive, read_dump
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_MIB = 1024**2


@dataclass(frozen=True)
class Verify(Action):
	"""Read every part of a backup from beginning to end, and say whether it is whole. Nothing is written."""

	title = _("Read a backup to its end")
	risk = Risk.READ
	checks = ("backups.contents",)
	resources = ("backups",)
	time_limit = timedelta(hours=2)
	batch_size = 1

	#: The backup, by the time in its names; without, the newest of the whole database.
	backup: str = ""

	def plan(self, site: Site) -> Plan:
		found = chosen_set(site, self.backup)
		return self.planned(
			site,
			_("Read the backup of {taken} to its end: {mib} MiB"),
			[batch("Backup", found.stamp, Act(_("reading"), "Backup", found.stamp, {}))],
			taken=found.stamp,
			mib=round(found.size_bytes / _MIB, 1),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		found = chosen_set(site, act.name)
		deadline = Deadline(self.time_limit.total_seconds())
		source = _sets.files(site)
		said = []
		problems = []
		for kind, part in found.parts.items():
			if kind == _sets.DATABASE:
				dump = read_dump(source, part, deadline)
				problem = dump.problem
				said.append(
					_("{0} tables, {1} MiB unpacked").format(len(dump.tables), dump.size_bytes // _MIB)
				)
			elif kind == _sets.CONFIG:
				problem = what_is_wrong(source, kind, part, found.encrypted)
			else:
				count, problem = read_archive(source, part, deadline)
				said.append(_("{0}: {1} entries").format(kind, count))
			if problem:
				problems.append(f"{part.path.name}: {problem}")
		if problems:
			raise ConsoleError(
				_("The backup of {0} cannot be relied on. {1}").format(found.stamp, " ".join(problems)),
				remedy=_("Take a new one, and keep older sound ones until it is there."),
			)
		return _("It is whole: {0}.").format(", ".join(said))

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		return False  # once more does no harm
