"""Anybody may upload pictures."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", allow_guests_to_upload_files=1, allowed_file_extensions="JPG\nPNG")


FAULT = Fault(
	title="Anybody may upload pictures",
	breaks=breaks,
	check="security.guest_uploads",
	severity="info",
	count=1,
	subjects=("allow_guests_to_upload_files",),
	runbook="refuse-guest-uploads",
)
