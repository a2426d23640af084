"""Do jobs wait too long?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._waiting import Waiting, most_waiting, read_waiting
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words, minutes


@dataclass(frozen=True)
class Backlog(Check):
	"""Do jobs pile up in a queue, or wait too long, and how many of them are this site's?

	Cost: the ids of up to 50,000 waiting jobs, and the hashes of up to 200 of them, per queue.
	"""

	title = _("Jobs waiting")
	explained_by = ("jobs.workers", "jobs.unserved_queues", "jobs.redis")

	#: So many waiting jobs, of all sites, deserve a look.
	many: int = 50
	#: So many are alarming when the oldest has also waited too long.
	too_many: int = 100
	#: No job should wait longer than this.
	long_wait: timedelta = timedelta(minutes=30)
	#: Warn at this share of the number at which Frappe 16 refuses new jobs.
	full_share: float = 0.8

	def run(self, site: Site) -> Answer:
		found = [read_waiting(site, queue) for queue in site.queue.names()]
		yield self.measure(
			waiting=sum(queue.length for queue in found),
			of_this_site=sum(queue.of_this_site for queue in found),
			oldest_minutes=minutes(max((queue.oldest_age for queue in found), default=timedelta(0))),
		)
		for queue in found:
			yield from self._full(site, queue)
			yield from self._long(queue)

	def _long(self, queue: Waiting) -> Iterator[Finding]:
		late = queue.oldest_age > max(self.long_wait, 2 * queue.limit)
		if not late and queue.length <= self.many:
			return
		report = self.critical if late and queue.length >= self.too_many else self.warning
		yield report(
			_("Queue {queue}: {count} jobs wait, the oldest for {oldest}.")
			if queue.length > 1
			else _("Queue {queue}: a job has been waiting for {oldest}."),
			cause=_(
				"More comes in than its workers do, or one long job holds them up. Of this site: {of_this_site};"
				" of others on this bench: {of_others}. Most frequent: {most}."
			),
			remedy=_(
				"See in RQ Job (Desk) what runs now and stop what hangs; give the queue more workers"
				" (background_workers in common_site_config.json, then `bench setup supervisor` and restart)."
			),
			subject=queue.name,
			subjects=[("Queue", queue.name)],
			count=queue.length,
			queue=queue.name,
			of_this_site=queue.of_this_site,
			of_others=queue.length - queue.of_this_site,
			share_is_estimate=queue.is_estimate,
			oldest=in_words(queue.oldest_age),
			oldest_since=queue.oldest,
			most=", ".join(f"{method} ({count})" for method, count in queue.most) or "-",
		)

	def _full(self, site: Site, queue: Waiting) -> Iterator[Finding]:
		most = most_waiting(site)
		if not most or queue.length < most * self.full_share:
			return
		full = queue.length >= most
		yield (self.critical if full else self.warning)(
			_("Queue {queue} is full: Frappe refuses new jobs.")
			if full
			else _("Queue {queue} is nearly full: {count} of {most} jobs."),
			cause=_(
				"From {most} waiting jobs on, Frappe 16 answers whatever wants to queue a job with “Queue"
				" Overloaded”: saving documents and sending mail fail with it."
			),
			remedy=_(
				"Let the workers catch up (more of them helps) before anything else. max_queued_jobs in"
				" common_site_config.json moves the limit."
			),
			subject=f"{queue.name}:full",
			subjects=[("Queue", queue.name)],
			count=queue.length,
			queue=queue.name,
			most=most,
			of_this_site=queue.of_this_site,
		)
