"""Do log files grow without end?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MIB = 1024**2


@dataclass(frozen=True)
class Logs(Check):
	"""Is a log file of the bench or the site larger than it should ever be?

	Cost: the sizes of the files in two folders.
	"""

	title = _("Sizes of log files")

	#: Warn about a log file larger than this.
	largest_mib: int = 100

	def run(self, site: Site) -> Answer:
		files = [
			file
			for folder in (site.bench / "logs", site.path / "logs")
			if site.files.exists(folder)
			for file in site.files.list(folder)
		]
		total = sum(file.size_bytes for file in files)
		yield self.measure(logs_mib=round(total / _MIB, 1))
		large = sorted(
			(file for file in files if file.size_bytes > self.largest_mib * _MIB),
			key=lambda file: -file.size_bytes,
		)
		if large:
			yield self.warning(
				_(
					"Log files larger than {limit_mib} MiB: {count}. The largest: {largest} with {largest_mib} MiB."
				),
				cause=_(
					"Nothing cuts them: the bench's own logs are rotated only where logrotate is set up, and a log that"
					" grows fast mostly repeats one error. All logs together: {total_mib} MiB."
				),
				remedy=_(
					"Look at the end of the file first: what repeats there is the real problem. Then set up logrotate"
					" for {folder} with copytruncate. Do not delete a log that a process has open: the room is"
					" not given back until that process restarts."
				),
				subjects=[("File", file.path.name) for file in large],
				largest=large[0].path.name,
				largest_mib=round(large[0].size_bytes / _MIB),
				limit_mib=self.largest_mib,
				total_mib=round(total / _MIB),
				folder=str(site.bench / "logs"),
			)
