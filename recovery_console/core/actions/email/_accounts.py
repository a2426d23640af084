"""Email Accounts as a repair changes them: the row, and Frappe's kept copy of the document.

Saving the document would connect to both mail servers, for up to two minutes each; so the row is changed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.action import batch
from recovery_console.core.actions._given import document_key, dropped
from recovery_console.core.checks.email._accounts import DOCTYPE, Account, accounts
from recovery_console.core.edits import Edit
from recovery_console.core.errors import UsageError
from recovery_console.core.plan import Batch
from recovery_console.core.rows import changed, rows_named
from recovery_console.core.site import Site


def account_named(site: Site, name: str) -> Account:
	"""Return an Email Account by its name.

	Raises:
		UsageError: There is none of this name.
	"""
	for account in accounts(site):
		if account.name == name:
			return account
	known = ", ".join(repr(account.name) for account in accounts(site)[:10]) or "none"
	raise UsageError(f"This site has no Email Account {name!r}.", remedy=f"Name one that is there: {known}.")


def account_edits(site: Site, name: str, **after: Any) -> tuple[Edit, ...]:
	"""Return the edits that set fields of an account; none where they hold these values already."""
	rows = list(rows_named(site, DOCTYPE, [name], (*after, "modified")))
	differing = {field: value for row in rows for field, value in after.items() if row[field] != value}
	if not differing:
		return ()
	edit = changed(DOCTYPE, rows[0], **differing, modified=site.ago(timedelta(0)))
	# Dropped before and after, so that the kept copy fits whichever way the edits are made.
	kept = dropped(site, document_key(DOCTYPE, name))
	return (*kept, edit, *kept)


def account_batch(site: Site, name: str, *more: Edit, why: str = "", **after: Any) -> list[Batch]:
	"""Return the batch that sets fields of an account and makes further edits; none where nothing changes."""
	edits = (*more, *account_edits(site, name, **after))
	return [batch(DOCTYPE, name, *edits, why=why)] if edits else []
