"""Are mails stuck in Sending?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import functions as fn
from pypika.terms import Criterion

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._failures import QUEUE, RECIPIENT
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.meta import aliased
from recovery_console.core.site import Site
from recovery_console.core.times import hours


@dataclass(frozen=True)
class StuckSending(Check):
	"""Are mails stuck in Sending, which no process picks up again?

	Cost: reads the mails in Sending by the index on status, and the recipients served within the limit.
	"""

	title = _("Mails stuck in Sending")
	needs = (QUEUE, RECIPIENT)
	explained_by = ("host.memory",)

	#: A mail counts as stuck when neither it nor one of its recipients changed for so long.
	older_than: timedelta = timedelta(minutes=15)

	def run(self, site: Site) -> Answer:
		t = table(QUEUE)
		stuck = Criterion.all([t.status == "Sending", t.modified < site.ago(self.older_than)])
		moving = self._moving(site)
		if moving:
			stuck &= t["name"].notin(moving)
		row = site.db.run(
			site.db.from_(t).select(fn.Count("*").as_("n"), fn.Min(t.modified).as_("oldest")).where(stuck)
		)[0]
		age = site.age(row["oldest"]) or timedelta(0)
		yield self.measure(stuck=row["n"], oldest_hours=hours(age))
		if not row["n"]:
			return
		named = site.db.run(
			site.db.from_(t).select(t["name"]).where(stuck).orderby(t.modified).limit(most_subjects())
		)
		yield self.critical(
			_("Mails stuck in Sending: {count}."),
			cause=_("The worker that was sending them ended; no process picks up Sending again."),
			remedy=_(
				"Make sure that no worker is sending now (RQ Job list), then set each of them to Not Sent, or to"
				" Partially Sent where some of its recipients have been served. At most the one recipient that was"
				" being served gets a second copy."
			),
			subjects=[(QUEUE, str(item["name"])) for item in named],
			count=row["n"],
			oldest=site.moment(row["oldest"]),
			limit_minutes=self.older_than.total_seconds() / 60,
			**self._recipients(site, t, stuck),
		)

	def _moving(self, site: Site) -> list[str]:
		"""Return mails to many recipients that are still being sent."""
		q, r = aliased(QUEUE, "q"), aliased(RECIPIENT, "r")
		since = site.ago(self.older_than)
		rows = site.db.run(
			site.db.from_(r)
			.join(q)
			.on(q["name"] == r["parent"])
			.select(q["name"])
			.distinct()
			.where((r.status == "Sent") & (r.modified >= since))
			.where((q.status == "Sending") & (q.modified < since))
		)
		return [str(row["name"]) for row in rows]

	def _recipients(self, site: Site, t: DocTable, stuck: Criterion) -> dict[str, Any]:
		"""Count whom the stuck mails reached and whom they did not."""
		r = table(RECIPIENT)
		mails = fn.Count(t["name"]).distinct()  # type: ignore[no-untyped-call]
		rows = site.db.run(
			site.db.from_(t)
			.join(r)
			.on(r["parent"] == t["name"])
			.select(r.status, fn.Count("*").as_("n"), mails.as_("mails"))
			.where(stuck)
			.groupby(r.status)
		)
		sent = [row for row in rows if row["status"] == "Sent"]
		return {
			"recipients_sent": sum(row["n"] for row in sent),
			"recipients_waiting": sum(row["n"] for row in rows if row["status"] != "Sent"),
			"partially_sent": sum(row["mails"] for row in sent),
		}
