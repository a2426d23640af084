"""Do incoming mails pile up that the site could not take in?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._failures import cause_of, last_line
from recovery_console.core.finding import _
from recovery_console.core.site import Site

UNHANDLED = "Unhandled Email"


@dataclass(frozen=True)
class Unhandled(Check):
	"""Do incoming mails pile up that the site fetched and could not take in?

	Cost: counts the unhandled mails of the window; reads the reasons of the newest hundred.
	"""

	title = _("Incoming mails that were not taken in")
	needs = (UNHANDLED,)

	window: timedelta = timedelta(hours=24)
	at_least: int = 5

	def run(self, site: Site) -> Answer:
		t = table(UNHANDLED)
		since = site.ago(self.window)
		recent = (t.modified >= since) & (t.creation >= since)
		count = site.db.count(site.db.from_(t).where(recent))
		yield self.measure(unhandled=count)
		if count < self.at_least:
			return
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.email_account, t.reason)
			.where(recent)
			.orderby(t.creation, order=Order.desc)
			.limit(100)
		)
		reasons = Counter(cause_of(str(row["reason"] or "")).label for row in rows)
		yield self.warning(
			_("Incoming mails that the site fetched but could not take in since yesterday: {count}."),
			cause=_("Each of them ended in an error, most often {reason}: {example}"),
			remedy=_(
				"Open the Unhandled Email list: it keeps each mail with its error. Remove the cause; the mails"
				" themselves have to be forwarded to the account again."
			),
			subjects=[(UNHANDLED, str(row["name"])) for row in rows],
			count=count,
			reason=reasons.most_common(1)[0][0],
			reasons=dict(reasons.most_common(10)),
			example=last_line(str(rows[0]["reason"] or "")),
			accounts=sorted({str(row["email_account"] or "") for row in rows}),
		)
