"""The scheduler's job types, and when each is due, as Frappe computes it."""

from __future__ import annotations

import hashlib
import threading
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from croniter import CroniterBadCronError, croniter

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.jobs._safety import Safety, classify
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

DOCTYPE = "Scheduled Job Type"
#: Clocks of several machines may differ by so much.
CLOCK_TOLERANCE = timedelta(minutes=5)
#: Frappe 15 delays every "Long" type by a random time up to this.
LONGEST_DELAY_15 = timedelta(seconds=600)
#: Seconds between two runs of the types that run "All" the time, where scheduler_interval does not say.
INTERVAL_SECONDS = 240
#: Seconds between two rounds of the scheduler process, where scheduler_tick_interval does not say.
TICK_SECONDS = {15: 60, 16: 240}
_FIELDS_WITHOUT_YEARS = 6
#: A plan without years has a next run from any moment on or from none, so that many types share one answer.
_ANY_MOMENT = datetime(2026, 1, 1)
#: A plan is moved on while it is asked.
_reading = threading.Lock()
_CRON = {
	"Yearly": "0 0 1 1 *",
	"Annual": "0 0 1 1 *",
	"Monthly": "0 0 1 * *",
	"Weekly": "0 0 * * 0",
	"Daily": "0 0 * * *",
	"Hourly": "0 * * * *",
}
#: Types that hurt users soon when they do not run, and what stops with them.
VITAL = {
	"frappe.email.queue.flush": "outgoing mail",
	"frappe.email.doctype.email_account.email_account.pull": "incoming mail",
	"frappe.email.doctype.notification.notification.trigger_daily_alerts": "notifications",
	"frappe.deferred_insert.save_to_db": "logs and views that are saved later",
	"frappe.core.doctype.log_settings.log_settings.run_log_clean_up": "clearing of logs",
	"erpnext.stock.doctype.repost_item_valuation.repost_item_valuation.repost_entries": "stock values",
	"erpnext.controllers.accounts_controller.update_invoice_status": "overdue invoices",
}


@dataclass(frozen=True)
class JobType:
	"""One Scheduled Job Type. Times are the site's own, naive, as Frappe computes with them."""

	name: str
	method: str
	frequency: str
	cron: str | None
	stopped: bool
	server_script: str
	created: datetime | None
	last_run: datetime | None

	@property
	def is_long(self) -> bool:
		"""Whether it runs in the long queue."""
		return "Long" in self.frequency or "Maintenance" in self.frequency

	@property
	def is_vital(self) -> bool:
		return self.method in VITAL or classify(self.method).safety is Safety.MONEY

	def due(self) -> datetime | None:
		"""Return when it is due next, counted from its last run; None where no plan can be computed."""
		base = self.last_run or self.created
		if base is None or self.plan_error() is not None:
			return None
		return _next(str(self.cron), base)

	def plan_error(self) -> Exception | None:
		"""Return the error that Frappe runs into when it computes the next run."""
		has_years = len((self.cron or "").split()) > _FIELDS_WITHOUT_YEARS
		return _plan_error(self.cron, (has_years and self.created) or _ANY_MOMENT)


@lru_cache(maxsize=2048)
def _next(cron: str, base: datetime) -> datetime:
	"""Return the next run: several checks ask for that of every type."""
	with _reading:
		plan = _plan(cron)
		plan.set_current(base, force=True)
		found: datetime = plan.get_next(datetime)
	return found


@lru_cache(maxsize=256)
def _plan(cron: str) -> croniter:
	"""Return a plan taken apart: many types share few of them."""
	return croniter(cron)


@lru_cache(maxsize=2048)
def _plan_error(cron: str | None, base: datetime) -> Exception | None:
	try:
		_next(cron, base)
	except (ValueError, AttributeError, TypeError) as error:
		return error
	return None


def stops_the_others(error: Exception) -> bool:
	"""Tell whether an error ends the scheduler's whole round for this site; it expects only one kind."""
	return not isinstance(error, CroniterBadCronError)


def job_types(site: Site) -> list[JobType]:
	"""Return all job types of the site, read once for all checks."""
	return site.remember("scheduler.job_types", lambda: _read(site))


def active_types(site: Site) -> list[JobType]:
	"""Return the job types that are not stopped."""
	return [job_type for job_type in job_types(site) if not job_type.stopped]


def overdue_since(site: Site, job_type: JobType) -> datetime | None:
	"""Return since when a type should have run; None when it is not due yet. In the site's own time."""
	due = job_type.due()
	if due is None:
		return None
	if site.frappe_major < 16 and "Long" in job_type.frequency:
		due += LONGEST_DELAY_15
	return due if due <= site.db_time(site.now()) else None


def tick(site: Site) -> timedelta:
	"""Return how often the scheduler process looks what is due."""
	default = TICK_SECONDS.get(site.frappe_major, max(TICK_SECONDS.values()))
	return timedelta(seconds=site.config.number("scheduler_tick_interval", default) or default)


def _read(site: Site) -> list[JobType]:
	t = table(DOCTYPE)
	columns = (
		"name",
		"method",
		"frequency",
		"cron_format",
		"stopped",
		"server_script",
		"creation",
		"last_execution",
	)
	rows = site.db.run(site.db.from_(t).select(*[t[column] for column in columns]))
	types = [
		JobType(
			name=str(row["name"]),
			method=str(row["method"] or ""),
			frequency=str(row["frequency"] or ""),
			cron=row["cron_format"] or _cron(site, str(row["frequency"] or "")),
			stopped=bool(row["stopped"]),
			server_script=str(row["server_script"] or ""),
			created=_local(site, row["creation"]),
			last_run=_local(site, row["last_execution"]),
		)
		for row in rows
	]
	return sorted(types, key=lambda job_type: job_type.method)


def _local(site: Site, value: Any) -> datetime | None:
	found = site.moment(value)
	return None if found is None else site.db_time(found)


def _cron(site: Site, frequency: str) -> str | None:
	if frequency == "All":
		seconds = site.config.number("scheduler_interval", INTERVAL_SECONDS) or INTERVAL_SECONDS
		return f"*/{seconds // 60} * * * *"
	if frequency.endswith(" Maintenance"):
		minute = int(hashlib.sha1(site.name.encode(), usedforsecurity=False).hexdigest(), 16) % 60
		return f"{minute} * * * *" if frequency.startswith("Hourly") else f"{(minute + 30) % 60} 0 * * *"
	return _CRON.get(frequency.removesuffix(" Long"))
