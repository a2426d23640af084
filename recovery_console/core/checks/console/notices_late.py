"""Does anybody send what the console has to tell?"""

from __future__ import annotations

from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console._snapshots import HELD_BACK_BY
from recovery_console.core.finding import _
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site
from recovery_console.core.times import UTC, in_words, moment
from recovery_console.core.window import lately

_NOTICE = "Recovery Notice"


@dataclass(frozen=True)
class NoticesLate(Check):
	"""Do notices wait for longer than they should, because nobody sends them or their channel does not work?

	Cost: the notices of the window that are still to be sent.
	"""

	title = _("Notices that wait")
	needs = (_NOTICE,)
	explained_by = (*HELD_BACK_BY, "email.server", "email.outgoing_account", "email.account_login")

	window: timedelta = timedelta(days=3)
	#: The sweeper comes every few minutes; what was due for longer is sent by nobody.
	longest_wait: timedelta = timedelta(minutes=30)
	#: What has failed so often has been on its way for a quarter of an hour at least.
	most_attempts: int = 5

	def run(self, site: Site) -> Answer:
		t = table(_NOTICE)
		due = (site.now() - self.longest_wait).astimezone(UTC).isoformat(timespec="seconds")
		forgotten = t.state.isin(["Held", "Waiting", "Failed", "Sending"]) & (t.next_attempt < due)
		failing = (t.state == "Failed") & (t.attempts >= self.most_attempts)
		query = site.db.from_(t).select(t["name"], t.channel_kind, t["error"], t.happened)
		query = query.where(lately(site, t, self.window) & (forgotten | failing))
		rows = site.db.run(query.orderby(t.creation, order=Order.asc).limit(500))
		yield self.measure(notices_late=len(rows))
		if not rows:
			return
		errors = [str(row["error"]) for row in rows if row["error"]]
		oldest = moment(rows[0]["happened"], UTC) or site.now()
		yield self.warning(
			_("Notices that wait to be sent: {count}, the oldest for {age}."),
			cause=_("{reason} Until then nobody knows by them what happened."),
			remedy=_(
				"Open a notice and mend its channel; a test can be sent from there. Where none was tried, look at the"
				" scheduler and the workers: `bench --site {site} execute {method}` sends what is due now."
			),
			subjects=[(_NOTICE, str(row["name"])) for row in rows],
			reason=redact_text(errors[0], personal=True)[:300]
			if errors
			else _("The sweeper that sends them does not come."),
			age=in_words(site.now() - oldest),
			ways=", ".join(sorted({str(row["channel_kind"]) for row in rows})),
			method="recovery_console.tasks.sweep",
			site=site.name,
		)
