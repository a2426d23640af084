"""Which jobs failed, of what, and may they be repeated?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._failures import Group, read_failures
from recovery_console.core.checks.jobs._safety import Safety
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_ADVICE = {
	Safety.IDEMPOTENT: _("Once the cause is gone it may be repeated without harm."),
	Safety.MAIL: _("Before it is repeated, see in Email Queue who got their mail."),
	Safety.MONEY: _("Do not just repeat it: see first which documents and payments the first run made."),
	Safety.UNKNOWN: _("Before it is repeated, find out how far the first run came."),
}


@dataclass(frozen=True)
class Failed(Check):
	"""Which jobs of this site failed, grouped by what they do and what they died of?

	Cost: the ids of all failed jobs, and the hashes and exception texts of up to 5000 of this site's.
	"""

	title = _("Failed jobs")
	explained_by = (
		"jobs.redis",
		"database.reachable",
		"database.read_only",
		"database.missing_tables",
		"database.missing_columns",
		"database.connections",
		"database.deadlocks",
		"cache.writable",
		"host.disk",
	)
	budget = timedelta(seconds=5)

	#: Money or mail that failed within this time is critical.
	fresh: timedelta = timedelta(hours=24)
	#: The largest groups are reported one by one, the others together.
	most_groups: int = 10

	def run(self, site: Site) -> Answer:
		groups, total, read = read_failures(site)
		yield self.measure(failed=total, groups=len(groups))
		for group in groups[: self.most_groups]:
			yield self._group(site, group, only_newest=read if read < total else 0)
		if groups[self.most_groups :]:
			yield self._others(site, groups[self.most_groups :])

	def _is_fresh(self, site: Site, group: Group) -> bool:
		return site.now() - group.newest <= self.fresh

	def _group(self, site: Site, group: Group, *, only_newest: int) -> Finding:
		report = self.warning
		is_fresh = self._is_fresh(site, group)
		if is_fresh and group.is_risky:
			report = self.critical
		elif not is_fresh and group.rule.safety is Safety.IDEMPOTENT:
			report = self.info
		advice, reason = _ADVICE[group.rule.safety], group.rule.reason
		if group.was_in_the_way and not group.rule.saves_between:
			advice = _("It may be repeated freely.")
			reason = _("Another transaction was in the way, and the database undid the whole job.")
		return report(
			_("Failed jobs of {method} ({error}): {count}."),
			cause=_("{message}{known_cause} The last failed {newest_age} ago.{partly}"),
			remedy=_(
				"{known_fix}{advice} {reason} What was called and where it broke stands in RQ Job and Error Log."
			),
			subject=f"{group.method}:{group.error}",
			subjects=[("RQ Job", job_id) for job_id in group.ids],
			method=group.method,
			error=group.error,
			message=group.message or _("No error text was kept."),
			known_error=group.known_id,
			known_cause=f" {group.known_cause}" if group.known_cause else "",
			known_fix=f"{group.known_fix} " if group.known_fix else "",
			safety=group.rule.safety.value,
			repeatable=group.was_in_the_way and not group.rule.saves_between,
			advice=advice,
			reason=reason,
			oldest=group.oldest,
			newest=group.newest,
			newest_age=in_words(site.now() - group.newest),
			queues=list(group.queues),
			partly=_(" Only the newest {0} failed jobs were read.").format(only_newest)
			if only_newest
			else "",
		)

	def _others(self, site: Site, groups: Sequence[Group]) -> Finding:
		lost = any(group.is_risky and self._is_fresh(site, group) for group in groups)
		return (self.critical if lost else self.warning)(
			_("Failed jobs of {kinds} more kinds: {count}."),
			cause=_("So many kinds failing at once mostly have one cause: {errors}."),
			remedy=_("Mend what the larger groups died of first; then look at these in RQ Job."),
			subject="others",
			subjects=[("RQ Job", job_id) for group in groups for job_id in group.ids],
			kinds=len(groups),
			errors=", ".join(error for error, _n in Counter(group.error for group in groups).most_common(5)),
			methods=sorted({group.method for group in groups})[:20],
			safety=dict(Counter(group.rule.safety.value for group in groups)),
		)
