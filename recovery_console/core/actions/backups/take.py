"""Take a backup of the site."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.backups._writing import write_set
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._ends import what_is_wrong
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError, SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_MIB = 1024**2
_STAMP = "%Y%m%d_%H%M%S"
#: A new backup may be so much larger than the last one.
_GROWN = 1.25


@dataclass(frozen=True)
class Take(Action):
	"""Take a backup of the database, the configuration and the uploaded files, without Frappe and deleting nothing.

	Its files have the names and the form of `bench backup`, which restores them. Unlike that command it deletes no
	older backup before it begins.
	"""

	title = _("Take a backup")
	risk = Risk.READ
	checks = ("backups.age", "backups.sound")
	resources = ("backups",)
	time_limit = timedelta(hours=6)
	batch_size = 1

	with_files: bool = True

	def plan(self, site: Site) -> Plan:
		sets = _sets.whole(site)
		folder = _sets.folder(site)
		last = sets[0].size_bytes if sets else 0
		free = site.host.file_systems([folder if folder.is_dir() else site.path])[0].free_bytes
		if free < last * _GROWN:
			raise ConsoleError(
				_(
					"There is too little room for a backup: {0} MiB are free, the last one took {1} MiB."
				).format(free // _MIB, last // _MIB),
				remedy=_("Make room with the runbook disk-full, or let backup_path lead to another disk."),
			)
		what = _("database, configuration and files") if self.with_files else _("database and configuration")
		act = Act(
			_("backup"),
			"Site",
			site.name,
			{"with_files": self.with_files, "after": sets[0].stamp if sets else ""},
		)
		return self.planned(
			site,
			_("Take a backup of {of}: {what}"),
			[batch("Site", site.name, act)],
			warnings=self._warnings(site),
			of=site.name,
			what=what,
			last_mib=round(last / _MIB, 1),
			free_mib=free // _MIB,
			folder=str(folder),
		)

	@staticmethod
	def _warnings(site: Site) -> list[str]:
		said = [_("Copy it to another machine: beside the site it is lost with it.")]
		try:
			encrypts = site.single_int("System Settings", "encrypt_backup")
		except SourceUnavailable:
			encrypts = 0
		if encrypts:
			said.append(
				_(
					"System Settings want backups encrypted; this one is not. Only the bench's user may read it."
				)
			)
		return said

	def perform(self, site: WritableSite, act: Act) -> str:
		stamp = site.db_time(site.now()).strftime(_STAMP)
		written = write_set(
			site,
			_sets.folder(site),
			stamp,
			with_files=bool(act.arguments["with_files"]),
			seconds=self.time_limit.total_seconds(),
		)
		[made] = [found for found in _sets.read_sets(site) if found.stamp == stamp]
		source = _sets.files(site)
		problems = [
			text
			for kind, part in made.parts.items()
			if (text := what_is_wrong(source, kind, part, made.encrypted))
		]
		if problems:
			raise ConsoleError(
				_("The backup of {0} is not sound: {1}").format(stamp, problems[0]),
				remedy=_("See the room on the disk, and take another."),
				changed=_("Its files are there; do not rely on them."),
			)
		return _("{0}: {1} files, {2} MiB.").format(stamp, len(written), round(made.size_bytes / _MIB, 1))

	def is_done(self, site: WritableSite, act: Act) -> bool:
		needed = set(_sets.PARTS) if act.arguments["with_files"] else {_sets.DATABASE, _sets.CONFIG}
		return any(
			found.stamp > str(act.arguments["after"]) and needed <= found.parts.keys() and not found.partial
			for found in _sets.read_sets(site)
		)
