"""Jobs that really run, and really fail, in a real RQ worker."""

from __future__ import annotations

import smtplib
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.support.services import free_port


def mail_to_a_closed_port() -> None:
	smtplib.SMTP("127.0.0.1", free_port(), timeout=2)


def a_locked_database(path: str) -> None:
	with sqlite3.connect(path, timeout=0.05) as holder, sqlite3.connect(path, timeout=0.05) as other:
		holder.execute("BEGIN EXCLUSIVE")
		try:
			other.execute("CREATE TABLE never (id)")
		finally:
			holder.rollback()


def a_webhook_nobody_hears() -> None:
	urllib.request.urlopen(f"http://127.0.0.1:{free_port()}/hook", timeout=2)


def a_null_where_a_number_should_be() -> None:
	sum([100.0, None])  # type: ignore[list-item]


def work_for_ever() -> None:
	while True:
		time.sleep(60)


METHODS: dict[str, Callable[..., None]] = {
	"frappe.email.doctype.auto_email_report.auto_email_report.send_monthly": mail_to_a_closed_port,
	"erpnext.stock.doctype.repost_item_valuation.repost_item_valuation.repost_entries": a_locked_database,
	"frappe.integrations.doctype.webhook.webhook.enqueue_webhook": a_webhook_nobody_hears,
	"erpnext.accounts.utils.auto_create_exchange_rate_revaluation_daily": a_null_where_a_number_should_be,
	"erpnext.manufacturing.doctype.bom_update_log.bom_update_log.run_replace_bom_job": work_for_ever,
}


def execute_job(
	*,
	site: str,
	user: str,
	method: str,
	event: str | None,
	job_name: str,
	is_async: bool,
	kwargs: dict[str, Any],
) -> None:
	"""Do what a job asks for."""
	METHODS[method](**kwargs)
