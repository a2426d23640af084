"""Do the messages to other programs arrive?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pypika import Case, Field, Order
from pypika import functions as fn

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.check import Answer, Check
from recovery_console.core.finding import MOST_SUBJECTS, Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_LOG = "Webhook Request Log"
_STATUS = re.compile(r"\b([45]\d\d) (?:Client|Server) Error")
_CLASS = re.compile(r"^(?:[a-z_0-9]+\.)*([A-Z][A-Za-z]+)(?::|$)")


@dataclass(frozen=True)
class Webhooks(Check):
	"""For which documents did a webhook fail lately, and never succeed afterwards?

	Frappe tries three times within seconds, writes a row for each, and never again.

	Cost: the webhook log of the window, once; two lookups in it per failing webhook.
	"""

	title = _("Webhooks")
	needs = ("Webhook", _LOG)

	window: timedelta = timedelta(days=1)
	dead_from: int = 10

	def run(self, site: Site) -> Answer:
		rows = self._per_webhook(site)
		yield self.measure(undelivered=sum(int(row["undelivered"] or 0) for row in rows))
		kinds = self._kinds(site)
		for row in rows:
			if row["undelivered"]:
				yield self._failing(site, row, kinds.get(str(row["webhook"]), "Document"))

	def _outcomes(self, site: Site) -> Any:
		"""Return a query for the last failure and the last success of each webhook and document."""
		log = table(_LOG)
		failed = log.error.notnull() & (log.error != "")
		since = site.ago(self.window)
		return (
			site.db.from_(log)
			.select(
				log.webhook,
				log.reference_document,
				fn.Max(Case().when(failed, log.creation)).as_("failed"),
				fn.Max(Case().when(failed, None).else_(log.creation)).as_("arrived"),
			)
			.where((log.creation >= since) & (log.modified >= since))
			.groupby(log.webhook, log.reference_document)
			.as_("outcome")
		)

	def _per_webhook(self, site: Site) -> list[Row]:
		outcome = self._outcomes(site)
		webhook = Field("webhook", table=outcome)
		return site.db.run(
			site.db.query.from_(outcome)
			.select(
				webhook,
				fn.Count("*").as_("documents"),
				fn.Sum(Case().when(_undelivered(outcome), 1).else_(0)).as_("undelivered"),
				fn.Count(Field("arrived", table=outcome)).as_("arrived"),
				fn.Min(Case().when(_undelivered(outcome), Field("failed", table=outcome))).as_("oldest"),
			)
			.groupby(webhook)
			.orderby(webhook)
		)

	def _documents(self, site: Site, webhook: str) -> list[str]:
		outcome = self._outcomes(site)
		document = Field("reference_document", table=outcome)
		known = DocTable("outcome")["webhook"]
		rows = site.db.run(
			site.db.query.from_(outcome)
			.select(document)
			.where(_undelivered(outcome) & (known == webhook))
			.orderby(document)
			.limit(MOST_SUBJECTS)
		)
		return [str(row["reference_document"]) for row in rows]

	def _failing(self, site: Site, row: Row, kind: str) -> Finding:
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
			subjects=[(kind, name) for name in self._documents(site, webhook)],
			count=int(row["undelivered"]),
			webhook=webhook,
			reason=self._reason(site, webhook),
			documents=int(row["documents"]),
			oldest=site.moment(row["oldest"]),
			window=in_words(self.window),
		)

	def _reason(self, site: Site, webhook: str) -> str:
		"""Return what the last failure was: a status or the kind of error, never the text, which names addresses."""
		log, since = table(_LOG), site.ago(self.window)
		error = site.db.value(
			site.db.from_(log)
			.select(log.error)
			.where((log.creation >= since) & (log.modified >= since) & (log.webhook == webhook))
			.where(log.error.notnull() & (log.error != ""))
			.orderby(log.creation, order=Order.desc)
			.limit(1)
		)
		text = str(error or "").strip()
		status = _STATUS.search(text)
		if status:
			return f"HTTP {status[1]}"
		named = _CLASS.match(text.splitlines()[-1]) if text else None
		return named[1] if named else _("without a reason that is known")

	def _kinds(self, site: Site) -> dict[str, str]:
		t = table("Webhook")
		rows = site.db.run(site.db.from_(t).select(t["name"], t.webhook_doctype))
		return {str(row["name"]): str(row["webhook_doctype"] or "Document") for row in rows}


def _undelivered(outcome: Any) -> Any:
	failed, arrived = Field("failed", table=outcome), Field("arrived", table=outcome)
	return failed.notnull() & (arrived.isnull() | (arrived < failed))
