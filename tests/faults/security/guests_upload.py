"""Anybody may upload files of every kind."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", allow_guests_to_upload_files=1)


FAULT = Fault(
	title="Anybody may upload files of every kind",
	breaks=breaks,
	check="security.guest_uploads",
	severity="warning",
	count=1,
	subjects=("allow_guests_to_upload_files",),
	runbook="refuse-guest-uploads",
)
