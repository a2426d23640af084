"""How long a session lives: the setting in force, and how Frappe reads it."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.site import Site

#: What Frappe takes where nothing is set.
FALLBACK = "240:00:00"


def in_force(site: Site) -> str:
	"""Return the text that rules: version 15 reads the global default, version 16 the System Settings."""
	if site.frappe_major >= 16:
		return site.single("System Settings", "session_expiry") or FALLBACK
	return site.default("session_expiry") or FALLBACK


def duration(text: str) -> timedelta | None:
	"""Read hours, minutes and seconds as Frappe does; None where Frappe fails on it."""
	parts = text.split(":")
	if len(parts) < 2:
		return None
	hours, minutes, seconds = (_whole(part) for part in (*parts, "0")[:3])
	return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _whole(text: str) -> int:
	"""Frappe takes what is not a number for zero."""
	try:
		return int(float(text))
	except ValueError:
		return 0
