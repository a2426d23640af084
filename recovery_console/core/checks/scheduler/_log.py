"""Reading Scheduled Job Log, always within a window."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.site import Site

DOCTYPE = "Scheduled Job Log"


def log_table() -> DocTable:
	"""Return the table."""
	return table(DOCTYPE)


def within(site: Site, t: DocTable, window: timedelta) -> Any:
	"""Return the condition that a row lies in the window: Frappe 15 indexes ``modified``, 16 ``creation``."""
	since = site.ago(window)
	return (t.creation >= since) & (t.modified >= since)
