"""Do the messages to other programs arrive?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.database import Row
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.integrations._deliveries import (
	LOG,
	documents,
	kinds_of_webhooks,
	per_webhook,
	reason,
)
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Webhooks(Check):
	"""For which documents did a webhook fail lately, and never succeed afterwards?

	Frappe tries three times within seconds, writes a row for each, and never again.

	Cost: the webhook log of the window, once, and once more where something failed; the newest failure of each
	webhook.
	"""

	title = _("Webhooks")
	needs = ("Webhook", LOG)

	window: timedelta = timedelta(days=1)
	dead_from: int = 10
	most_documents: int = 2000

	def run(self, site: Site) -> Answer:
		rows = per_webhook(site, self.window)
		yield self.measure(undelivered=sum(int(row["undelivered"] or 0) for row in rows))
		failing = [row for row in rows if row["undelivered"]]
		if not failing:
			return
		kinds, lost = kinds_of_webhooks(site), documents(site, self.window, self.most_documents)
		for row in failing:
			kind = kinds.get(str(row["webhook"]), "Document")
			subjects = [(kind, name) for name in lost.get(str(row["webhook"]), [])]
			yield self._failing(site, row, subjects)

	def _failing(self, site: Site, row: Row, lost: list[tuple[str, str]]) -> Finding:
		webhook = str(row["webhook"])
		dead = not row["arrived"] and int(row["undelivered"]) >= self.dead_from
		return (self.critical if dead else self.warning)(
			_("The webhook {webhook} reaches nobody any more: documents not delivered in {window}: {count}.")
			if dead
			else _("Documents that the webhook {webhook} did not deliver in {window}: {count}."),
			cause=_(
				"The other program did not take them ({reason}). Frappe tried three times within seconds, and does not"
				" try again by itself: what is not sent again by hand never arrives there."
			),
			remedy=_(
				"Look at Webhook Request Log for what the other program answered, and set that right there or in the"
				" Webhook {webhook}. Then save the documents again, or enter them there."
			),
			subject=webhook,
			subjects=lost,
			count=int(row["undelivered"]),
			webhook=webhook,
			reason=reason(site, self.window, webhook),
			documents=int(row["documents"]),
			oldest=site.moment(row["oldest"]),
			window=in_words(self.window),
		)
