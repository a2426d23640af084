"""Services to which Frappe can copy backups."""

from __future__ import annotations

from recovery_console.core.record import dataclass


@dataclass(frozen=True)
class Service:
	"""A service to which Frappe copies backups: its single DocType and where that keeps what."""

	doctype: str
	enabled: str
	frequency: str
	notify: str
	jobs: str


SERVICES = (
	Service(
		"S3 Backup Settings",
		"enabled",
		"frequency",
		"notify_email",
		"frappe.integrations.doctype.s3_backup_settings.s3_backup_settings.take_backups_",
	),
	Service(
		"Dropbox Settings",
		"enabled",
		"backup_frequency",
		"send_notifications_to",
		"frappe.integrations.doctype.dropbox_settings.dropbox_settings.take_backups_",
	),
	Service(
		"Google Drive",
		"enable",
		"frequency",
		"email",
		"frappe.integrations.doctype.google_drive.google_drive.",
	),
)
