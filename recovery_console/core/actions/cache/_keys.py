"""Keys of a site in the cache Redis, as Frappe names them."""

from __future__ import annotations

from collections.abc import Iterable

from recovery_console.core.cached import cache_key
from recovery_console.core.edits import CacheDrop, Edit
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import Site


def document_key(doctype: str, name: str) -> str:
	"""Return the name under which Frappe keeps a document."""
	return f"document_cache::{doctype}::{name}"


def noticed(site: Site, names: Iterable[str], *edits: Edit) -> tuple[Edit, ...]:
	"""Return edits with these names dropped from the site's cache before and after, so that it notices the change.

	Where the cache does not answer there is nothing to drop.
	"""
	try:
		site.cache.info()
	except SourceUnavailable:
		return edits
	drops = [CacheDrop("cache", cache_key(site, name)) for name in names]
	return (*drops, *edits, *drops)
