"""ALYF banking: a bank feed with a consent that lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.fill.erpnext import COMPANY
from tests.support.fill.settings import fill_defaults

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite


def fill(site: SampleSite) -> None:
	"""A closed session, and a consent for sixty more days."""
	fill_defaults(site, "Banking Settings", enabled=1, customer_id="sample")
	session = site.insert(
		"Klarna Kosma Session",
		session_id_short="sample01",
		status="Closed",
		flow_state="FINISHED",
		creation=site.days_ago(30),
	)
	site.insert(
		"Bank Consent",
		name=f"Bank TRIO-{COMPANY}",
		bank="Bank TRIO",
		company=COMPANY,
		session_id=session,
		consent_id="consent-1",
		consent_start=site.days_ago(30).date(),
		consent_expiry=site.days_ago(-60),
		creation=site.days_ago(30),
	)
