"""Guarding against locking everybody out."""

from __future__ import annotations

from collections.abc import Collection

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.security._admins import ADMIN_ROLE, admins
from recovery_console.core.errors import UsageError
from recovery_console.core.site import Site


def somebody_stays(site: Site, leaving: Collection[str]) -> None:
	"""Refuse to take the last person away who can administer the site.

	Raises:
		UsageError: Nobody would be left.
	"""
	user, given = table("User"), table("Has Role")
	rows = site.db.run(admins(site, user, given).select(user["name"]).distinct())
	names = {str(row["name"]) for row in rows}
	if names and not names - set(leaving):
		raise UsageError(
			f"Nobody would be {ADMIN_ROLE} any more.",
			remedy="Leave at least one of them, or make another one first: bench --site SITE add-system-manager EMAIL.",
		)
