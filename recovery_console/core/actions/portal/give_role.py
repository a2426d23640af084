"""Give a role to users who lack it."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import roles_changed, roles_of, ruled_by_profile
from recovery_console.core.actions.portal._users import left_alone, must_name, users_named
from recovery_console.core.checks.portal._users import AUTOMATIC_ROLES
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Who holds one of these can give himself everything else.
POWERFUL = ("System Manager", "Administrator", "Script Manager", "Workspace Manager")


@dataclass(frozen=True)
class GiveRole(Action):
	"""Give one role to named users. Roles that open everything are not given by this."""

	title = "Give a role"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Role", "Has Role")
	checks = ("portal.user_roles",)

	role: str
	names: tuple[str, ...]

	def plan(self, site: Site) -> Plan:
		must_name(self.names, _("a role is given to persons"))
		self._look_at_role(site)
		users_named(site, self.names)
		held = roles_of(site, self.names)
		ruled = ruled_by_profile(site, self.names)
		edits = {
			name: edit
			for name in self.names
			if name not in ruled and (edit := roles_changed(name, held[name], add=[self.role]))
		}
		return self.planned(
			site,
			_("Users to be given the role {role}: {count}"),
			[batch("User", name, edit) for name, edit in edits.items()],
			left_out=[
				*left_alone("User", ruled, _("A role profile rules their roles: change the profile.")),
				*left_alone("User", set(self.names) - ruled - set(edits), _("They have it already.")),
			],
			role=self.role,
		)

	def _look_at_role(self, site: Site) -> None:
		row = users_named(site, (self.role,), "disabled", doctype="Role")[0]
		if self.role in POWERFUL or self.role in AUTOMATIC_ROLES or row["disabled"]:
			raise UsageError(
				f"The role {self.role} is not given by this: it opens everything, everybody has it, or it is disabled.",
				remedy="A System Manager is made with bench --site SITE add-system-manager EMAIL.",
			)
