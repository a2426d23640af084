"""One row of a table of the site's database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from recovery_console.core.edits.base import Edit, Target
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass

#: The name of such a row opens the site to whoever knows it, so that it is never shown.
NAMED_BY_SECRET = frozenset({"tabSessions", "tabOAuth Bearer Token", "tabOAuth Authorization Code"})
#: What such a column holds is never shown, encrypted or not.
SECRET = frozenset({"password", "sid", "sessiondata", "api_key", "reset_password_key", "refresh_token"})

#: Where the name of a value stands in another column.
_NAMES = {("tabSingles", "value"): "field", ("tabDefaultValue", "defvalue"): "defkey"}


@dataclass(frozen=True)
class RowEdit(Edit):
	"""Change, insert or delete one row.

	Args:
		table: Name of the table, such as ``tabEmail Queue`` or ``__Auth``.
		key: Columns and values that only this row has.
		before: What these columns hold now, as the driver returns it; for a row that is to be deleted every
			column. None: there is no such row yet.
		after: What the same columns will hold. None: the row is deleted.
	"""

	table: str
	key: Mapping[str, Any]
	before: Mapping[str, Any] | None
	after: Mapping[str, Any] | None

	@property
	def target(self) -> Target:
		return Target.DATABASE

	@property
	def subject(self) -> Subject:
		named = self.key.get("name", ", ".join(str(value) for value in self.key.values()))
		if self.table in NAMED_BY_SECRET:
			named = f"{(self.before or self.after or {}).get('user', '')} …{_digest(str(named))}"
		return Subject(self.table.removeprefix("tab"), str(named))

	def reversed(self) -> RowEdit:
		return RowEdit(self.table, self.key, self.after, self.before)

	def shown(self) -> list[tuple[str, Any, Any]]:
		if self.before is None or self.after is None:
			there = ("row", "there", "deleted") if self.after is None else ("row", "not there", "inserted")
			return [there]
		return [
			(name, "kept secret", "kept secret")
			if name in SECRET
			else (self._called(name), self.before.get(name), value)
			for name, value in self.after.items()
		]

	def _called(self, column: str) -> str:
		"""Return the name of what a column holds: a table of settings has their names in another column."""
		return str(self.key.get(_NAMES.get((self.table, column), ""), column))


def _digest(text: str) -> str:
	return hashlib.sha256(text.encode()).hexdigest()[:8]
