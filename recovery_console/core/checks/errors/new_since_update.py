"""Did the last update bring errors that were not there before?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.errors import _groups
from recovery_console.core.checks.errors._groups import Group
from recovery_console.core.checks.errors._updates import last_update
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class NewSinceUpdate(Check):
	"""Which errors appeared only after the last update of an app, and come again?

	Cost: the time of the last update; after one, the texts of up to 1000 errors since and up to 1000 before.
	"""

	title = _("Errors new since the last update")
	needs = (_groups.DOCTYPE,)
	explained_by = ("config.patches_pending", "config.app_versions", "database.missing_columns")
	budget = timedelta(seconds=5)

	#: An update is looked at for so long.
	after: timedelta = timedelta(days=3)
	#: Errors of so long before it count as known.
	before: timedelta = timedelta(days=7)
	#: A new group is reported when it holds so many errors.
	often: int = 3
	most_groups: int = 10

	def run(self, site: Site) -> Answer:
		update = last_update(site)
		if update is None or site.now() - update[0] > self.after:
			raise NotApplicable(_("No app was updated lately."))
		since = max(site.now() - update[0], timedelta(0))
		groups = _groups.group(site, _groups.read(site, since)) if since else []
		often = [group for group in groups if len(group.errors) >= self.often]
		known = set()
		if often:
			known = {
				group.mark.key
				for group in _groups.group(site, _groups.read(site, since + self.before, since))
			}
		new = [group for group in often if group.mark.key not in known]
		yield self.measure(new_error_groups=len(new))
		for group in new[: self.most_groups]:
			yield self._report(site, group, since, update[1])

	def _report(self, site: Site, group: Group, since: timedelta, what: str) -> Finding:
		told = _groups.tell(site, group)
		return self.warning(
			_("New since the last update, {count} times: {label}."),
			cause=_(
				"{message}{known_cause} The update ({what}) was {update_age} ago; in the time before it this error was not"
				" logged."
			),
			remedy=_(
				"{known_fix}See whether the update was finished: `bench --site {site} migrate`, `bench build` and a restart"
				" belong to it. If the error stays, report it to the maker of the app, or go back to the version before."
			),
			subject=group.mark.key,
			subjects=[(_groups.DOCTYPE, error.name) for error in group.errors],
			label=told.label,
			message=told.message,
			known_error=told.known_id,
			known_cause=told.cause,
			known_fix=told.fix,
			what=what,
			update_age=in_words(since),
			first_seen=group.oldest.at,
			last_seen=group.newest.at,
			site=site.name,
		)
