"""What the actions of several families share: names that a person gave, what is left alone, and kept copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recovery_console.core.cached import cache_key
from recovery_console.core.edits import CacheDrop
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.finding import Subject
from recovery_console.core.plan import LeftOut
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

#: So many things that are left alone are named.
SHOWN = 20


def known_names(site: Site, doctype: str, names: Sequence[str]) -> tuple[str, ...]:
	"""Return names that all belong to documents of this site.

	Raises:
		UsageError: One of them does not.
	"""
	there = {str(row["name"]) for row in rows_named(site, doctype, names, ())}
	unknown = [name for name in names if name not in there]
	if unknown:
		raise UsageError(
			f"{site.name} has no {doctype} {unknown[0][:80]!r}; nothing was changed.",
			remedy="Give the names as the finding shows them, or none: then all that it found are taken.",
		)
	return tuple(names)


def left_alone(doctype: str, names: Iterable[str], why: str) -> list[LeftOut]:
	"""Return the first of some documents as left out for one reason."""
	return [LeftOut(Subject(doctype, str(name)), why) for name in sorted(map(str, names))[:SHOWN]]


def dropped(site: Site, *keys: str) -> list[CacheDrop]:
	"""Return the edits that let Frappe read anew what it keeps in the cache under these keys.

	A cache that does not answer keeps nothing that could be old: it is empty when it comes back.
	"""
	try:
		with site.cache.client() as client:
			client.ping()
	except SourceUnavailable:
		return []
	return [CacheDrop("cache", cache_key(site, key)) for key in keys]


def document_key(doctype: str, name: str) -> str:
	"""Return the key under which Frappe keeps a document that it read."""
	return f"document_cache::{doctype}::{name}"
