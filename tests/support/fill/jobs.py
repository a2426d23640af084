"""The scheduler: job types with a recent last execution, and their log."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.support import bench_folder

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite

CORE = "frappe.core.doctype"
ACCOUNT = "frappe.email.doctype.email_account.email_account"
BOTH: dict[str, str] = {
	"frappe.email.queue.flush": "All",
	"frappe.monitor.flush": "All",
	f"{ACCOUNT}.notify_unreplied": "0/15 * * * *",
	"frappe.utils.global_search.sync_global_search": "0/15 * * * *",
	"frappe.deferred_insert.save_to_db": "0/15 * * * *",
	f"{ACCOUNT}.pull": "0/10 * * * *",
	"frappe.email.doctype.newsletter.newsletter.send_scheduled_email": "Hourly",
	"frappe.desk.doctype.event.event.send_event_digest": "Daily",
	"frappe.email.doctype.notification.notification.trigger_daily_alerts": "Daily",
	"frappe.desk.form.document_follow.send_daily_updates": "Daily",
	"frappe.utils.change_log.check_for_update": "Weekly Long",
	"frappe.email.doctype.auto_email_report.auto_email_report.send_monthly": "Monthly",
}
ONLY_15: dict[str, str] = {
	"frappe.automation.doctype.reminder.reminder.send_reminders": "All",
	"frappe.oauth.delete_oauth2_data": "0/15 * * * *",
	"frappe.twofactor.delete_all_barcodes_for_users": "0/15 * * * *",
	f"{CORE}.prepared_report.prepared_report.expire_stalled_report": "30 * * * *",
	f"{CORE}.log_settings.log_settings.run_log_clean_up": "45 0 * * *",
	"frappe.model.utils.link_count.update_link_count": "Hourly",
	"frappe.desk.page.backups.backups.delete_downloadable_backups": "Hourly",
	"frappe.sessions.clear_expired_sessions": "Daily",
	"frappe.desk.notifications.clear_notifications": "Daily",
	"frappe.email.doctype.auto_email_report.auto_email_report.send_daily": "Daily Long",
}
ONLY_16: dict[str, str] = {
	"frappe.integrations.doctype.google_calendar.google_calendar.sync": "All",
	"frappe.email.doctype.notification.notification.trigger_offset_alerts": "0/5 * * * *",
	"frappe.automation.doctype.reminder.reminder.send_reminders": "0/15 * * * *",
	"frappe.model.utils.link_count.update_link_count": "Hourly Maintenance",
	"frappe.desk.page.backups.backups.delete_downloadable_backups": "Hourly Maintenance",
	f"{CORE}.prepared_report.prepared_report.expire_stalled_report": "Hourly Maintenance",
	"frappe.oauth.delete_oauth2_data": "Hourly Maintenance",
	"frappe.sessions.clear_expired_sessions": "Daily Maintenance",
	f"{CORE}.log_settings.log_settings.run_log_clean_up": "Daily Maintenance",
	"frappe.email.doctype.auto_email_report.auto_email_report.send_daily": "Daily Maintenance",
}
ERPNEXT: dict[str, str] = {
	"erpnext.stock.doctype.repost_item_valuation.repost_item_valuation.repost_entries": "Hourly Long",
	"erpnext.utilities.bulk_transaction.retry": "Hourly Long",
	"erpnext.controllers.accounts_controller.update_invoice_status": "Daily",
	"erpnext.accounts.doctype.process_subscription.process_subscription.create_subscription_process": "Daily Long",
}


def last_due(site: SampleSite, frequency: str, now: datetime) -> datetime:
	"""When a job of this frequency was last due. Knows only the cron lines used here."""
	midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
	minute = now.replace(second=0, microsecond=0)
	word = frequency.split(" ")[0]
	if frequency.endswith("Maintenance"):
		return _maintenance_due(site, word, now)
	if word.startswith("0/") or word == "All":
		return minute - timedelta(minutes=now.minute % int(word.removeprefix("0/").replace("All", "4")))
	quarter_to_one = midnight + timedelta(minutes=45)
	return {
		"30": minute - timedelta(minutes=(now.minute - 30) % 60),
		"45": quarter_to_one if quarter_to_one <= now else quarter_to_one - timedelta(days=1),
		"Hourly": minute - timedelta(minutes=now.minute),
		"Daily": midnight,
		"Weekly": midnight - timedelta(days=(now.weekday() + 1) % 7),
		"Monthly": midnight.replace(day=1),
	}[word]


def _maintenance_due(site: SampleSite, word: str, now: datetime) -> datetime:
	"""Frappe 16 gives every site its own minute for these."""
	minute = int(hashlib.sha1(site.name.encode()).hexdigest(), 16) % 60
	if word == "Hourly":
		due = now.replace(minute=minute, second=0, microsecond=0)
		return due if due <= now else due - timedelta(hours=1)
	due = now.replace(hour=0, minute=(minute + 30) % 60, second=0, microsecond=0)
	return due if due <= now else due - timedelta(days=1)


def job_types(site: SampleSite) -> dict[str, str]:
	"""Method → frequency or cron line of this site's version and apps."""
	jobs = BOTH | (ONLY_15 if site.frappe == 15 else ONLY_16)
	return jobs | ERPNEXT if "erpnext" in site.apps else jobs


def fill(site: SampleSite) -> None:
	"""Every job type ran when it was last due; those that keep a log have a row for that run and the one before."""
	for method, frequency in job_types(site).items():
		cron = frequency if frequency.endswith("*") else ""
		logged = frequency != "All" and not (cron and site.frappe == 16)
		ran = min(last_due(site, frequency, site.now) + timedelta(seconds=20), site.now)
		bench_folder.add_function(site.bench.folder, method)
		values = {"name": ".".join(method.split(".")[-2:])} if site.frappe == 15 else {}
		name = site.insert(
			"Scheduled Job Type",
			**values,
			method=method,
			frequency="Cron" if cron else frequency,
			cron_format=cron,
			create_log=logged,
			last_execution=ran,
			creation=site.days_ago(200),
			modified=ran,
		)
		if logged:
			_log(site, name, frequency, ran)


def _log(site: SampleSite, name: str, frequency: str, ran: datetime) -> None:
	before = last_due(site, frequency, ran - timedelta(minutes=2)) + timedelta(seconds=20)
	site.insert_many(
		"Scheduled Job Log",
		[
			{"scheduled_job_type": name, "status": "Complete", "creation": moment, "modified": moment}
			for moment in sorted({before, ran})
			if moment > site.days_ago(7)
		],
	)
