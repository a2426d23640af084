"""Cut log files that have grown too large."""

from __future__ import annotations

import gzip
import os
import shutil
from datetime import timedelta
from pathlib import Path

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.storage._paths import is_inside, relative, stamp
from recovery_console.core.backends.files import StoredFile
from recovery_console.core.edits import Act
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.making.atomic import sync_folder
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_MIB = 1024**2
_PIECE = 4 * _MIB
#: A packed log takes at the most about this share of the log.
_PACKED = 0.15


def log_files(site: Site) -> list[StoredFile]:
	"""Return the files in the bench's and the site's folders of logs; links are not followed."""
	folders = [folder for folder in (site.bench / "logs", site.path / "logs") if site.files.exists(folder)]
	return [
		file
		for folder in folders
		for file in site.files.list(folder)
		if not file.path.is_symlink() and is_inside(site, file.path)
	]


@dataclass(frozen=True)
class CutLogs(Action):
	"""Pack the content of log files that are too large beside them, and empty them where they are.

	The processes that write them go on writing, as after logrotate's copytruncate: nothing needs a restart.
	"""

	title = _("Cut large log files")
	risk = Risk.DISRUPTIVE
	checks = ("storage.logs",)
	time_limit = timedelta(minutes=30)
	batch_size = 1

	#: Names of log files; without, all that are larger than ``larger_than_mib``.
	names: tuple[str, ...] = ()
	larger_than_mib: int = 100
	most: int = 50

	def plan(self, site: Site) -> Plan:
		logs = {
			file.path.name: file
			for file in reversed(log_files(site))
			if file.path.suffix in (".log", ".json")
		}
		chosen = only_named(self.id, self.names, logs, _("log file of this bench or site"))
		if not self.names:
			chosen = [file for file in chosen if file.size_bytes > self.larger_than_mib * _MIB]
		chosen.sort(key=lambda file: -file.size_bytes)
		when = stamp(site)
		return self.planned(
			site,
			_("Log files to pack and empty: {count}, together {mib} MiB"),
			[
				batch(
					"File",
					file.path.name,
					Act(
						_("log"),
						"File",
						relative(site, file.path),
						{"size": file.size_bytes, "to": f"{file.path.name}.{when}.gz"},
					),
					why=_("{0} MiB").format(round(file.size_bytes / _MIB, 1)),
				)
				for file in chosen
			],
			most=self.most,
			warnings=[
				_("Lines that are written in the instant between packing and emptying are lost."),
				_("Look first at what repeats at the end of such a log: that is the real problem."),
			]
			if chosen
			else [],
			mib=round(sum(file.size_bytes for file in chosen) / _MIB),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		path = _known(site, act)
		before = path.stat().st_size
		room = shutil.disk_usage(path.parent).free
		if room < before * _PACKED:
			raise ConsoleError(
				_("There is too little room to pack {0} first.").format(path.name),
				remedy=_("Free room elsewhere, or empty it without a copy: `truncate -s 0 {0}`.").format(
					path
				),
			)
		to = path.parent / str(act.arguments["to"])
		part = to.with_name(to.name + ".part")
		try:
			with path.open("rb") as log, part.open("wb") as raw:
				with gzip.GzipFile(fileobj=raw, mode="wb", filename=path.name) as packed:
					shutil.copyfileobj(log, packed, _PIECE)
				raw.flush()
				os.fsync(raw.fileno())
			part.rename(to)
			sync_folder(path.parent)
			os.truncate(path, 0)
		except OSError as error:
			part.unlink(missing_ok=True)
			raise ConsoleError(
				_("{0} cannot be cut: {1}.").format(path, error.strerror or error),
				remedy=_("See its owner and the room on its disk."),
			) from error
		return _("{0} MiB packed into {1}.").format(round(before / _MIB, 1), to.name)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		path = _known(site, act)
		packed = path.parent / str(act.arguments["to"])
		return packed.exists() and path.stat().st_size < int(act.arguments["size"])


def _known(site: Site, act: Act) -> Path:
	for file in log_files(site):
		if relative(site, file.path) == act.name:
			return file.path
	raise ConsoleError(
		_("The log file {0} is no longer there.").format(act.name), remedy=_("There is nothing left to do.")
	)
