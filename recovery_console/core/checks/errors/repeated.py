"""Which errors come again and again?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.errors import _groups
from recovery_console.core.checks.errors._groups import Group
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Repeated(Check):
	"""Which errors, grouped by what they have in common, were logged again and again in the last day?

	Cost: one count, and the texts of up to 1000 errors of the window, the newest, read by name.
	"""

	title = _("Errors that repeat")
	needs = (_groups.DOCTYPE,)
	explained_by = (
		*("database.reachable", "database.missing_tables", "database.missing_columns", "cache.reachable"),
		*("jobs.redis", "config.apps_installed", "config.encryption_key", "email.server", "host.disk"),
	)
	budget = timedelta(seconds=5)

	window: timedelta = timedelta(hours=24)
	#: A group is reported when it holds so many errors.
	often: int = 10
	#: The largest groups are reported one by one.
	most_groups: int = 10

	def run(self, site: Site) -> Answer:
		total = _groups.count(site, self.window)
		groups = _groups.recent(site, self.window) if total else []
		read = sum(len(group.errors) for group in groups)
		yield self.measure(error_groups=len(groups), errors=total)
		for group in [group for group in groups if len(group.errors) >= self.often][: self.most_groups]:
			yield self._report(site, group, only_newest=read if read < total else 0)

	def _report(self, site: Site, group: Group, *, only_newest: int) -> Finding:
		told = _groups.tell(site, group)
		return self.warning(
			_("The same error was logged {count} times: {label}."),
			cause=_(
				"{message}{known_cause} The first of them {oldest_age} ago, the last {newest_age} ago.{partly}"
			),
			remedy=_(
				"{known_fix}Open the newest in Error Log: its last lines name the place, and the reference, where there is"
				" one, the document."
			),
			subject=group.mark.key,
			subjects=[(_groups.DOCTYPE, error.name) for error in group.errors],
			label=told.label,
			message=told.message,
			known_error=told.known_id,
			known_cause=told.cause,
			known_fix=told.fix,
			grouped_by=group.mark.by,
			frames=list(group.mark.frames),
			first_seen=group.oldest.at,
			last_seen=group.newest.at,
			oldest_age=in_words(site.now() - group.oldest.at),
			newest_age=in_words(site.now() - group.newest.at),
			partly=_(" Only the newest {0} errors were read.").format(only_newest) if only_newest else "",
		)
