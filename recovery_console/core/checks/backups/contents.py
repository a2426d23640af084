"""Could the newest backup be restored?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._ends import what_is_wrong
from recovery_console.core.checks.backups._unpack import Deadline, Dump, read_archive, read_dump
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: A dump that says CREATE TABLE at all must hold these.
_CORE_TABLES = ("tabDocType", "tabUser", "tabSingles", "tabDefaultValue")


@dataclass(frozen=True)
class Contents(Check):
	"""Can every part of the newest backup be read from beginning to end, and does it hold what it must?

	Cost: unpacks the whole backup in memory, piece by piece; nothing is written. Only on request.
	"""

	title = _("Contents of the newest backup")
	on_request = True
	explained_by = ("backups.sound",)
	budget = timedelta(seconds=28)

	#: Stop reading after this, and say so.
	seconds: float = 25.0

	def run(self, site: Site) -> Answer:
		newest = next(iter(_sets.whole(site)), None)
		if newest is None:
			raise NotApplicable(_("There is no backup of the whole database."))
		if newest.encrypted:
			raise NotApplicable(
				_("The newest backup is encrypted; only a restore to a spare site can test it.")
			)
		deadline = Deadline(self.seconds)
		source = _sets.files(site)
		dump = read_dump(source, newest.parts[_sets.DATABASE], deadline)
		problems = {newest.parts[_sets.DATABASE].path.name: dump.problem}
		for kind, part in newest.parts.items():
			if kind == _sets.CONFIG:
				problems[part.path.name] = what_is_wrong(source, kind, part, newest.encrypted)
			elif kind != _sets.DATABASE:
				problems[part.path.name] = read_archive(source, part, deadline)[1]
		yield self.measure(tables=len(dump.tables), unpacked_mib=round(dump.size_bytes / 1024**2, 1))
		yield from self._damaged(site, newest, {name: text for name, text in problems.items() if text})
		yield from self._lacking(site, dump)

	def _damaged(self, site: Site, newest: _sets.BackupSet, problems: dict[str, str]) -> Iterator[Finding]:
		if problems:
			yield self.critical(
				_("The newest backup cannot be restored: damaged files: {count}."),
				cause="{first}",
				remedy=_REMEDY,
				subject="damaged",
				subjects=[("File", name) for name in problems],
				first=f"{next(iter(problems))}: {next(iter(problems.values()))}",
				taken=newest.taken,
				site=site.name,
			)

	def _lacking(self, site: Site, dump: Dump) -> Iterator[Finding]:
		lacking = [name for name in _CORE_TABLES if name not in dump.tables]
		if dump.tables and lacking and not dump.problem:
			yield self.critical(
				_("The newest backup lacks tables without which no site works: {lacking}."),
				cause=_(
					"It holds {tables} tables, written by Frappe {version}. A setting leaves tables out of it."
				),
				remedy=_REMEDY,
				subject="tables",
				subjects=[("Table", name) for name in lacking],
				lacking=", ".join(lacking),
				tables=len(dump.tables),
				version=dump.version or _("of unknown version"),
				site=site.name,
			)


_REMEDY = _(
	"Make a new one, `bench --site {site} backup --with-files`, have it tested again, and keep the older backups"
	" until it is sound. Look at the room on the disk, and at `backup` in the configuration (includes, excludes)."
)
