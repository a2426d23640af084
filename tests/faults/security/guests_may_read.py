"""Anybody may read the addresses of all contacts."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	_own(site, "Contact", read=1)


def _own(site: SampleSite, doctype: str, **rights: int) -> None:
	"""Give guests rights in Role Permissions Manager; the standard permissions stay as copies."""
	for row in site.rows("DocPerm", {"parent": doctype}, ["role", "read", "write", "create", "delete"]):
		site.insert("Custom DocPerm", parent=doctype, creation=site.days_ago(30), **row)
	site.insert("Custom DocPerm", parent=doctype, role="Guest", creation=site.days_ago(30), **rights)


FAULT = Fault(
	title="Anybody may read the addresses of all contacts",
	breaks=breaks,
	check="security.guest_rights",
	severity="critical",
	count=1,
	subjects=("Contact",),
	runbook="take-guest-rights",
)
