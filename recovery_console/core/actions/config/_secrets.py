"""The encrypted rows of ``__Auth``."""

from __future__ import annotations

from typing import Any

from recovery_console.core.backends.sql import raw_table
from recovery_console.core.site import Site

TABLE = "__Auth"
MOST = 2000


def encrypted(site: Site) -> list[dict[str, Any]]:
	"""Return the encrypted values with what tells them apart, at most ``MOST``."""
	t = raw_table(TABLE)
	return site.db.run(
		site.db.from_(t)
		.select(t["doctype"], t["name"], t["fieldname"], t["password"])
		.where(t["encrypted"] == 1)
		.orderby(t["doctype"], t["name"], t["fieldname"])
		.limit(MOST)
	)
