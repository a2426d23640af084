"""What Frappe keeps of the database in its cache server, to be dropped when rows are changed beside Frappe."""

from __future__ import annotations

from recovery_console.core.edits import CacheDrop, Edit
from recovery_console.core.site import Site


def document_cache(site: Site, doctype: str, name: str) -> CacheDrop:
	"""Return the edit that drops the kept copy of a document."""
	return CacheDrop("cache", cache_key(site, f"document_cache::{doctype}::{name}"))


def defaults_cache(site: Site, parent: str = "__default") -> CacheDrop:
	"""Return the edit that drops the kept default values of a user, or of the whole site."""
	if site.frappe_major >= 16:
		return CacheDrop("cache", cache_key(site, f"defaults::{parent}"))
	return CacheDrop("cache", cache_key(site, "defaults"), parent.encode())


def refreshed(drop: CacheDrop, *edits: Edit) -> tuple[Edit, ...]:
	"""Return edits with a kept copy dropped before and after them, so that it fits whichever way they are made."""
	return (drop, *edits, drop)


def cache_key(site: Site, key: str) -> bytes:
	"""Return a key of this site as the cache server holds it."""
	return f"{site.config.get('db_name')}|{key}".encode()
