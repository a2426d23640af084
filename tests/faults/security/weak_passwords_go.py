"""Passwords that are quickly guessed are accepted."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_single("System Settings", minimum_password_score="1")


FAULT = Fault(
	title="Passwords that are quickly guessed are accepted",
	breaks=breaks,
	check="security.sign_in_rules",
	severity="info",
	count=1,
	subjects=("minimum_password_score",),
	frappe=(16,),
	runbook="set-sign-in-rules",
)
