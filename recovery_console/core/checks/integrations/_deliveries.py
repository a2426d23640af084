"""What the webhook log tells: which documents arrived, which did not, and why."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from pypika import Case, Field, Order
from pypika import functions as fn

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.finding import _
from recovery_console.core.site import Site

LOG = "Webhook Request Log"
_STATUS = re.compile(r"\b([45]\d\d) (?:Client|Server) Error")
_CLASS = re.compile(r"^(?:[a-z_0-9]+\.)*([A-Z][A-Za-z]+)(?::|$)")


def _outcomes(site: Site, window: timedelta) -> Any:
	"""Return a query for the last failure and the last success of each webhook and document."""
	log = table(LOG)
	failed = log.error.notnull() & (log.error != "")
	since = site.ago(window)
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


def per_webhook(site: Site, window: timedelta) -> list[Row]:
	outcome = _outcomes(site, window)
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


def documents(site: Site, window: timedelta, most: int) -> dict[str, list[str]]:
	"""Return the first documents that did not arrive, per webhook."""
	outcome = _outcomes(site, window)
	webhook, document = Field("webhook", table=outcome), Field("reference_document", table=outcome)
	rows = site.db.run(
		site.db.query.from_(outcome)
		.select(webhook, document)
		.where(_undelivered(outcome))
		.orderby(webhook, document)
		.limit(most)
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		found.setdefault(str(row["webhook"]), []).append(str(row["reference_document"]))
	return found


def reason(site: Site, window: timedelta, webhook: str) -> str:
	"""Return what the last failure was: a status or the kind of error, never the text, which names addresses."""
	log, since = table(LOG), site.ago(window)
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


def kinds_of_webhooks(site: Site) -> dict[str, str]:
	t = table("Webhook")
	rows = site.db.run(site.db.from_(t).select(t["name"], t.webhook_doctype))
	return {str(row["name"]): str(row["webhook_doctype"] or "Document") for row in rows}


def _undelivered(outcome: Any) -> Any:
	failed, arrived = Field("failed", table=outcome), Field("arrived", table=outcome)
	return failed.notnull() & (arrived.isnull() | (arrived < failed))
