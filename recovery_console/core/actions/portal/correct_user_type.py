"""Let Frappe work out anew who is a desk user and who is a portal user."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import left_alone, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import SYSTEM_USER, WEBSITE_USER, people, role_of
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class FixUserType(Action):
	"""Save users whose type does not follow from their roles, so that it does.

	Frappe works the type out at every save: it cannot be set to anything else, nor set back.
	"""

	title = "Work user types out anew"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Role", "Has Role")
	checks = ("portal.user_roles",)

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		users_named(site, self.names)
		types, desk = self._types(site), self._desk(site)
		wrong = {
			name: (SYSTEM_USER if name in desk else WEBSITE_USER)
			for name, kind in types.items()
			if (kind == SYSTEM_USER) != (name in desk) and (not self.names or name in self.names)
		}
		return self.planned(
			site,
			_("Users whose type is to be worked out anew: {count}"),
			[
				batch("User", name, _act(name, kind), why=_("becomes {0}").format(kind))
				for name, kind in sorted(wrong.items())
			],
			most=self.most,
			warnings=[
				_(
					"Who becomes Website User loses the Desk; who becomes System User gets it, as the roles say."
				)
			],
			left_out=left_alone("User", set(self.names) - set(wrong), _("Their type fits their roles.")),
			to_the_desk=sum(kind == SYSTEM_USER for kind in wrong.values()),
			out_of_the_desk=sum(kind == WEBSITE_USER for kind in wrong.values()),
		)

	@staticmethod
	def _types(site: Site) -> dict[str, str]:
		"""Return the enabled persons of the two standard kinds; other kinds are ruled by their User Type."""
		t = table("User")
		rows = site.db.run(people(site, t).select(t["name"], t.user_type).orderby(t["name"]))
		kinds = (SYSTEM_USER, WEBSITE_USER)
		return {str(row["name"]): str(row["user_type"]) for row in rows if row["user_type"] in kinds}

	@staticmethod
	def _desk(site: Site) -> set[str]:
		"""Return who has a role that opens the Desk."""
		user, given, role = table("User"), table("Has Role"), table("Role")
		query = (
			people(site, user)
			.join(given)
			.on(role_of(given, user))
			.join(role)
			.on((role["name"] == given.role) & (role.desk_access == 1))
		)
		return {str(row["name"]) for row in site.db.run(query.select(user["name"]).distinct())}


def _act(user: str, kind: str) -> Act:
	return Act(_("saved"), "User", user, {"user": user, "user_type": kind}, frappe=True)
