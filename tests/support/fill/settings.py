"""Single DocTypes and defaults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite

SYSTEM: dict[str, Any] = {
	"app_name": "Frappe",
	"country": "Netherlands",
	"language": "en",
	"time_zone": "Europe/Amsterdam",
	"setup_complete": 1,
	"enable_scheduler": 1,
	"enable_onboarding": 0,
	"date_format": "dd-mm-yyyy",
	"time_format": "HH:mm:ss",
	"number_format": "#.###,##",
	"first_day_of_the_week": "Monday",
	"float_precision": "3",
	"currency_precision": "2",
	"backup_limit": 3,
	"session_expiry": "170:00",
	"allow_consecutive_login_attempts": 10,
	"allow_login_after_fail": 60,
	"enable_password_policy": 1,
	"minimum_password_score": "2",
	"password_reset_limit": 3,
	"email_retry_limit": 3,
	"email_footer_address": "",
	"dormant_days": 4,
	"disable_user_pass_login": 0,
	"enable_two_factor_auth": 0,
}


def fill_defaults(site: SampleSite, doctype: str, **values: Any) -> None:
	"""Save a single: its defaults, then these values."""
	fields = site.schema.doctypes[doctype].fields
	defaults = {field.name: field.default for field in fields.values() if field.has_column and field.default}
	known = {key: value for key, value in values.items() if key in fields}
	site.set_single(doctype, **(defaults | known))


def fill(site: SampleSite) -> None:
	"""System Settings, Website Settings, Portal Settings, Log Settings and the global defaults."""
	fill_defaults(site, "System Settings", **SYSTEM)
	fill_defaults(site, "Website Settings", disable_signup=1, home_page="login", app_name="Frappe")
	fill_defaults(site, "Portal Settings", default_role="Customer", hide_standard_menu=0)
	for key, value in SYSTEM.items():
		site.set_default(key, value)
	site.set_default("suspend_email_queue", 0)
	site.set_default("installed_apps", json.dumps(list(site.apps)), parent="__global")
	_log_settings(site)


def _log_settings(site: SampleSite) -> None:
	days = {
		"Error Log": 14,
		"Activity Log": 90,
		"Email Queue": 30,
		"Scheduled Job Log": 7,
		"Submission Queue": 7,
		"Prepared Report": 14,
		"Webhook Request Log": 30,
		"Unhandled Email": 30,
		"Integration Request": 90,
	}
	site.insert_many(
		"Logs To Clear",
		[
			{"parent": "Log Settings", "idx": idx, "ref_doctype": doctype, "days": age}
			for idx, (doctype, age) in enumerate(days.items(), 1)
		],
	)
