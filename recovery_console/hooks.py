"""Where Frappe finds what of ours. Every dotted name in here is resolved by a test."""

from recovery_console import __version__

app_name = "recovery_console"
app_title = "Recovery Console"
app_publisher = "Recovery Console contributors"
app_description = "Find out what is wrong with this site, and put it right."
app_email = "recovery-console@example.com"
app_license = "mit"
app_logo_url = "/assets/recovery_console/images/recovery-console.svg"

add_to_apps_screen = [
	{
		"name": "recovery_console",
		"logo": "/assets/recovery_console/images/recovery-console.svg",
		"title": "Recovery Console",
		"route": "/app/recovery-console",
		"has_permission": "recovery_console.api.may_use_console",
	}
]

before_install = "recovery_console.install.before_install"
after_sync = "recovery_console.install.sync"
after_migrate = "recovery_console.install.sync"
after_uninstall = "recovery_console.install.after_uninstall"

# The long queues: a diagnosis of a site in trouble may take its whole deadline.
scheduler_events = {
	"all": ["recovery_console.tasks.sweep_runs", "recovery_console.tasks.sweep"],
	"hourly_long": ["recovery_console.tasks.hourly_snapshot"],
	"daily_long": ["recovery_console.tasks.thin_snapshots"],
}
# The token of monitors comes in a header that Frappe reads as one of OAuth.
before_request = ["recovery_console.api_health.accept_token"]
default_log_clearing_doctypes = {"Health Snapshot": 730, "Recovery Notice": 90}
# The record of who was told what keeps nobody from deleting a channel.
ignore_links_on_delete = ["Recovery Notice"]

# What people write beside an incident belongs to its record.
doc_events = {"Comment": {"after_insert": "recovery_console.in_site.incident_comments.keep_comment"}}

_SHARED_JS = ["public/js/findings.js", "public/js/runs.js", "public/js/repair.js"]
doctype_js: dict[str, str | list[str]] = {
	"Health Snapshot": _SHARED_JS,
	"Incident": [*_SHARED_JS, "public/js/incident_view.js"],
	"Runbook": _SHARED_JS,
	"Runbook Run": [*_SHARED_JS, "public/js/run_buttons.js", "public/js/run_view.js"],
}

# The Why? buttons load what they open when they are pressed; who may ask none never loads them.
for _doctype in (
	"User",
	"Email Queue",
	"Data Import",
	"Bank Statement Import",
	"RQ Job",
	"Scheduled Job Type",
	"Payment Entry",
	"Bank Transaction",
	"Error Log",
):
	doctype_js[_doctype] = "public/js/why_buttons.js"
# Web servers of benches let browsers keep what has no hash in its name for a year: the version makes it another file.
app_include_js = [
	f"/assets/recovery_console/js/{_name}.js?v={__version__}" for _name in ("why_profile", "badge")
]
extend_bootinfo = [
	"recovery_console.api_why.extend_bootinfo",
	"recovery_console.in_site.badge.extend_bootinfo",
]

page_js = {
	"recovery-console": [
		*_SHARED_JS,
		"public/js/run_buttons.js",
		"public/js/run_view.js",
		"public/js/live.js",
		"public/js/overview.js",
		"public/js/setup.js",
		"public/js/why_buttons.js",
	],
}

export_python_type_annotations = True
