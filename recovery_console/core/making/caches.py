"""After rows were changed past Frappe: what Frappe keeps of them in its cache is dropped, so that it reads anew.

Caches are no state: they are dropped after the change and after its being taken back alike, whatever they hold.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.writable import WritableSite

#: What Frappe keeps per user of roles and permissions.
ROLE_HASHES = ("roles", "user_permissions", "user_perm_can_read", "has_role:Page", "has_role:Report", "bootinfo")


def forget(site: WritableSite, edits: Iterable[RowEdit]) -> None:
	"""Drop the cached copies of rows. A cache that does not answer keeps nothing for anybody."""
	keys = list(dict.fromkeys(f"{site.config.get('db_name')}|{key}" for edit in edits for key in _keys(edit)))
	if keys:
		with contextlib.suppress(SourceUnavailable), site.cache.client() as client:
			client.delete(*keys)


def _keys(edit: RowEdit) -> Iterator[str]:
	held: Mapping[str, Any] = {**(edit.before or {}), **(edit.after or {}), **edit.key}
	doctype = edit.table.removeprefix("tab")
	if edit.table == "tabSingles":
		yield f"document_cache::{held['doctype']}::{held['doctype']}"
		yield from ("system_settings", "time_zone", "bootinfo")
	elif edit.table == "tabDefaultValue":
		yield from ("defaults", "defaults::__default", "defaults::__global", "bootinfo")
		if held.get("parent"):
			yield f"defaults::{held['parent']}"
	elif edit.table.startswith("tab") and "name" in held:
		yield f"document_cache::{doctype}::{held['name']}"
		if held.get("parent") and held.get("parenttype"):
			yield f"document_cache::{held['parenttype']}::{held['parent']}"
	if doctype in ("Has Role", "User", "Role", "User Permission", "DocShare", "Custom DocPerm"):
		yield from ROLE_HASHES
