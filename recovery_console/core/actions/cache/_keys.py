"""Keys of a site in the cache Redis, as Frappe names them."""

from __future__ import annotations

from collections.abc import Iterable

from recovery_console.core.edits import KeyEdit
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.keys import removed
from recovery_console.core.site import Site


def key_of(site: Site, name: str) -> bytes:
	"""Return a key of this site; Frappe puts the name of its database before it."""
	return f"{site.config.get('db_name')}|{name}".encode()


def document_key(doctype: str, name: str) -> str:
	"""Return the name under which Frappe keeps a document."""
	return f"document_cache::{doctype}::{name}"


def forgotten(site: Site, names: Iterable[str]) -> list[KeyEdit]:
	"""Return the edits that take these names out of the site's cache, for a change that the site must notice.

	Where the cache does not answer there is nothing to forget.
	"""
	try:
		return list(removed(site.cache, [key_of(site, name) for name in names]).values())
	except SourceUnavailable:
		return []


def forgotten_documents(site: Site, *documents: tuple[str, str]) -> list[KeyEdit]:
	"""Return the edits that take documents, given as (doctype, name), out of the site's cache."""
	return forgotten(site, [document_key(doctype, name) for doctype, name in documents])
