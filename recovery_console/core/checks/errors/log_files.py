"""Which errors stand only in log files?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.errors import _groups, _log_files
from recovery_console.core.checks.errors._groups import Group
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class LogFiles(Check):
	"""Which errors repeat in the log files, where those stand that Error Log never gets?

	Cost: the ends of the log files written within the window, 2 MB at most in all. Errors without a time
	before them are left out. The bench's own files hold the errors of all its sites.
	"""

	title = _("Errors in log files")
	explained_by = (
		*("errors.repeated", "database.reachable", "cache.reachable", "jobs.redis", "jobs.failed"),
		*("scheduler.gone_method", "scheduler.plan", "config.hooks", "config.apps_installed", "host.disk"),
	)
	budget = timedelta(seconds=4)

	window: timedelta = timedelta(hours=24)
	#: A group is reported when it holds so many errors.
	often: int = 5
	most_groups: int = 10

	def run(self, site: Site) -> Answer:
		found, read_bytes = _log_files.read(site, self.window)
		groups = _groups.group(site, found)
		yield self.measure(
			errors_in_files=len(found), groups_in_files=len(groups), read_kib=round(read_bytes / 1024)
		)
		for group in [group for group in groups if len(group.errors) >= self.often][: self.most_groups]:
			yield self._report(site, group)

	def _report(self, site: Site, group: Group) -> Finding:
		told = _groups.tell(site, group)
		files = sorted({error.name for error in group.errors})
		return self.warning(
			_("In log files, {count} times in the last {window_hours} hours: {label}."),
			cause=_("{message}{known_cause} The last was {newest_age} ago."),
			remedy=_("{known_fix}Look at the end of {file} in the bench's folder {bench}."),
			subject=group.mark.key,
			subjects=[("File", name) for name in files],
			count=len(group.errors),
			label=told.label,
			message=told.message,
			known_error=told.known_id,
			known_cause=told.cause,
			known_fix=told.fix,
			file=group.newest.name,
			bench=str(site.bench),
			window_hours=round(self.window.total_seconds() / 3600),
			first_seen=group.oldest.at,
			last_seen=group.newest.at,
			newest_age=in_words(site.now() - group.newest.at),
		)
