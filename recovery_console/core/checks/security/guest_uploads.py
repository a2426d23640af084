"""May anybody put files on the server?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class GuestUploads(Check):
	"""May people who are not logged in upload files, and of every kind?

	Cost: two settings.
	"""

	title = _("Uploads by guests")

	def run(self, site: Site) -> Answer:
		if not site.single_int("System Settings", "allow_guests_to_upload_files"):
			return
		limited = bool((site.single("System Settings", "allowed_file_extensions") or "").strip())
		yield (self.info if limited else self.warning)(
			_("Anybody on the internet may upload files of some kinds.")
			if limited
			else _("Anybody on the internet may upload files of every kind that Frappe takes."),
			cause=_(
				"Allow Guests to Upload Files in System Settings is on. Strangers can fill the disk, and leave files"
				" under this site's name."
			),
			remedy=_(
				"Untick Allow Guests to Upload Files in System Settings unless a web form for guests takes files; then"
				" fill in Allowed File Extensions."
			),
			subjects=[("System Settings", "allow_guests_to_upload_files")],
		)
