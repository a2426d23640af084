"""A proxy says https where there is none."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import serve
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	serve(site, headers={"Set-Cookie": "sid=Guest; Secure; HttpOnly; Path=/"})


FAULT = Fault(
	title="A proxy says https where there is none",
	breaks=breaks,
	check="portal.login_comfort",
	severity="warning",
	subjects=("erp.example.org",),
)
