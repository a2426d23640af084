"""The failed jobs of a site, grouped by what they do and what they died of."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.rq_records import Job
from recovery_console.core.checks.jobs._errors import Death, read_death
from recovery_console.core.checks.jobs._safety import Rule, Safety, classify, was_in_the_way
from recovery_console.core.knowledge import known_in
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: No more failed jobs are read than this; Frappe keeps a thousand per queue.
MOST_READ = 5000
#: A known error is looked for in so many characters at the end of an exception text.
LAST_WORDS = 4000


@dataclass(frozen=True)
class Group:
	"""Jobs that do the same and died of the same."""

	method: str
	error: str
	message: str
	ids: tuple[str, ...]
	queues: tuple[str, ...]
	oldest: datetime
	newest: datetime
	rule: Rule
	was_in_the_way: bool
	known_id: str = ""
	known_cause: str = ""
	known_fix: str = ""

	@property
	def is_risky(self) -> bool:
		"""Whether money may be missing or mail be lost."""
		return self.rule.safety in (Safety.MONEY, Safety.MAIL)


def read_failures(site: Site) -> tuple[list[Group], int, int]:
	"""Return the groups, those with money or mail and then the largest first, how many failed jobs this site has, and how many of the newest were read."""
	entries = [
		entry
		for queue in site.queue.names()
		for entry in site.queue.registry_ids(queue, "failed")
		if belongs_to(entry.id, site.name)
	]
	entries.sort(key=lambda entry: entry.expires_at or site.now())  # the newest expire last
	ids = [entry.id for entry in entries]
	members: dict[tuple[str, str], list[tuple[Job, Death]]] = defaultdict(list)
	for job in site.queue.jobs(ids[-MOST_READ:], with_exception=True):
		if job.exists and job.status == "failed":  # a user who stops a job knows
			death = read_death(job.exception)
			members[job.does, death.error].append((job, death))
	groups = [_group(site, method, error, found) for (method, error), found in members.items()]
	groups.sort(key=lambda group: (not group.is_risky, -len(group.ids), group.method, group.error))
	return groups, len(ids), min(len(ids), MOST_READ)


def _group(site: Site, method: str, error: str, found: list[tuple[Job, Death]]) -> Group:
	newest_first = sorted(found, key=lambda item: _ended(site, item[0]), reverse=True)
	job, death = newest_first[0]
	known = known_in(site, job.exception[-LAST_WORDS:])
	return Group(
		method=method,
		error=error,
		message=death.message,
		ids=tuple(member.id for member, _death in newest_first),
		queues=tuple(sorted({member.queue for member, _death in found})),
		oldest=_ended(site, newest_first[-1][0]),
		newest=_ended(site, job),
		rule=classify(method),
		was_in_the_way=was_in_the_way(job.exception),
		known_id=known.id if known else "",
		known_cause=known.cause if known else "",
		known_fix=known.fix if known else "",
	)


def _ended(site: Site, job: Job) -> datetime:
	return job.ended_at or job.started_at or job.enqueued_at or site.now()
