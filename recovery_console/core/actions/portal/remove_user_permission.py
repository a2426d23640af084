"""Remove User Permissions that hide documents from a user."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import whole_rows
from recovery_console.core.site import Site

_FIELDS = (
	"user",
	"allow",
	"for_value",
	"is_default",
	"apply_to_all_doctypes",
	"applicable_for",
	"hide_descendants",
)


@dataclass(frozen=True)
class RemoveUserPermission(Action):
	"""Remove the User Permissions of one user for one kind of document, or for one value of it.

	One User Permission for a Company hides every document of all other companies: removing the last one shows them
	all.
	"""

	title = "Remove a User Permission"
	risk = Risk.DISRUPTIVE
	needs = ("User", "User Permission")
	checks = ("portal.user_roles",)

	user: str
	allow: str
	value: str = ""

	def plan(self, site: Site) -> Plan:
		users_named(site, (self.user,))
		rows = self._rows(site)
		chosen = [row for row in rows if not self.value or row["for_value"] == self.value]
		if not chosen:
			raise UsageError(
				f"{self.user} has no User Permission for {self.allow[:80]!r} {self.value[:80]!r}.",
				remedy=f"Its values for {self.allow[:80]}: {', '.join(str(row['for_value']) for row in rows[:10]) or 'none'}.",
			)
		return self.planned(
			site,
			_("User Permissions of {user} to remove: {count}"),
			[
				batch(
					"User Permission", row["name"], _deleted(row), why=f"{row['allow']}: {row['for_value']}"
				)
				for row in chosen
			],
			warnings=[self._warning(rows, chosen)],
			user=self.user,
			values_before=", ".join(str(row["for_value"]) for row in rows)[:200],
			values_after=", ".join(str(row["for_value"]) for row in rows if row not in chosen)[:200],
		)

	def _rows(self, site: Site) -> list[Row]:
		t = table("User Permission")
		query = site.db.from_(t).where((t["user"] == self.user) & (t["allow"] == self.allow))
		return whole_rows(site, query.orderby(t["for_value"]).orderby(t["name"]))

	def _warning(self, rows: list[Row], chosen: list[Row]) -> str:
		if len(rows) == len(chosen):
			return _("From then on {0} sees documents of every {1} that the roles allow.").format(
				self.user, self.allow
			)
		return _("From then on {0} sees no documents of what is removed.").format(self.user)


def _deleted(row: Row) -> DocumentEdit:
	fields = {name: row[name] for name in _FIELDS if name in row}
	return DocumentEdit("User Permission", str(row["name"]), "delete", fields, None)
