"""Roles and permissions were changed."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.security._help import give_role
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	give_role(site, "bram.visser@example.org", "Website Manager", days=2)
	site.insert("Role", name="Bookkeeper", role_name="Bookkeeper", desk_access=1, creation=site.days_ago(3))
	for role in ("System Manager", "Accounts User", "Accounts Manager", "Customer", "All"):
		site.insert("Custom DocPerm", parent="Contact", role=role, read=1, creation=site.days_ago(4))
	site.insert(
		"Deleted Document",
		deleted_doctype="Role",
		deleted_name="Auditor",
		data="{}",
		creation=site.days_ago(1),
	)


FAULT = Fault(
	title="Roles and permissions were changed",
	breaks=breaks,
	check="security.permission_changes",
	severity="info",
	count=4,
	subjects=("Contact", "Bookkeeper", "bram.visser@example.org"),
)
