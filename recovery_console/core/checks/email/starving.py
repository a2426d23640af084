"""Do mails wait although nothing holds them back?"""

from __future__ import annotations

from datetime import datetime, timedelta

from pypika import functions as fn
from pypika.terms import Criterion

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._failures import QUEUE
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.site import Site
from recovery_console.core.times import hours, in_words


@dataclass(frozen=True)
class Starving(Check):
	"""Do mails that are due wait in the queue without ever being tried?

	Cost: reads the mails in Not Sent by the index on status, and the newest mail sent within the window.
	"""

	title = _("Mails that nobody sends")
	needs = (QUEUE,)
	explained_by = (
		"email.switched_off",
		"email.outgoing_account",
		"email.server",
		"jobs.redis",
		"jobs.workers",
		"jobs.unserved_queues",
		"scheduler.switches",
		"scheduler.enabled",
		"scheduler.maintenance",
		"scheduler.dormant",
		"scheduler.alive",
		"scheduler.stopped",
	)

	#: The queue is emptied every four minutes, 500 mails at a time.
	older_than: timedelta = timedelta(minutes=30)
	#: While mails still go out, a long queue is a backlog and no standstill.
	moving_within: timedelta = timedelta(minutes=15)

	def run(self, site: Site) -> Answer:
		t = table(QUEUE)
		limit = site.ago(self.older_than)
		due = (t.send_after.isnull() & (t.creation < limit)) | (t.send_after < limit)
		starving = Criterion.all([t.status == "Not Sent", t.retry == 0, due])
		row = site.db.run(
			site.db.from_(t)
			.select(fn.Count("*").as_("n"), fn.Min(Fn("COALESCE", t.send_after, t.creation)).as_("oldest"))
			.where(starving)
		)[0]
		age = site.age(row["oldest"]) or timedelta(0)
		yield self.measure(starving=row["n"], oldest_hours=hours(age))
		if not row["n"]:
			return
		named = site.db.run(
			site.db.from_(t).select(t["name"]).where(starving).orderby(t.creation).limit(most_subjects())
		)
		last = self._last_sent(site, age)
		moving = last is not None and site.now() - last <= self.moving_within
		yield (self.warning if moving else self.critical)(
			_("Mails that are due and were never tried: {count}. The oldest waits for {waiting}."),
			cause=_("Mails go out, but more come in than one run takes, or others go before them.")
			if moving
			else _("Nothing empties the queue: scheduler or workers stand still, or sending is held up."),
			remedy=_("Let it run; raise email_queue_batch_size in site_config.json when it happens often.")
			if moving
			else _(
				"See what the checks of the scheduler and of the jobs say. To try now, open one of these mails"
				" and press Send Now: it shows the error, if there is one."
			),
			subject="backlog" if moving else "standstill",
			subjects=[(QUEUE, str(item["name"])) for item in named],
			count=row["n"],
			oldest_due=site.moment(row["oldest"]),
			waiting=in_words(age),
			last_sent=last,
		)

	def _last_sent(self, site: Site, age: timedelta) -> datetime | None:
		"""Return when a mail last went out since the oldest one became due."""
		t = table(QUEUE)
		since = site.ago(min(age, timedelta(days=1)))
		return site.moment(
			site.db.value(
				site.db.from_(t)
				.select(fn.Max(t.modified))
				.where((t.status == "Sent") & (t.modified >= since))
			)
		)
