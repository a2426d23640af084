"""Kinds of documents that decide what people may do: who may change them can give himself everything else."""

from __future__ import annotations

from collections.abc import Collection

#: The site's own rules on rights, log-ins and code that it runs.
RULING = frozenset(
	{
		"Client Script",
		"Connected App",
		"Custom DocPerm",
		"Custom Field",
		"DocField",
		"DocPerm",
		"DocShare",
		"DocType",
		"Has Role",
		"LDAP Settings",
		"OAuth Bearer Token",
		"OAuth Client",
		"Print Format",
		"Property Setter",
		"Report",
		"Role",
		"Role Profile",
		"Runbook",
		"Runbook Approval",
		"Runbook Run",
		"Runbook Run Step",
		"Recovery Settings",
		"Scheduled Job Type",
		"Server Script",
		"Social Login Key",
		"System Settings",
		"Token Cache",
		"User",
		"User Permission",
		"User Role Profile",
		"Webhook",
	}
)
#: Rights by which nothing is changed.
LOOKING = frozenset({"read", "select", "report", "print"})


def rules(doctype: str, rights: Collection[str]) -> bool:
	"""Tell whether such rights on a kind of documents let somebody take more rights."""
	return doctype in RULING and not LOOKING.issuperset(rights)
