"""Take a role away from users."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import roles_changed, roles_of, ruled_by_profile
from recovery_console.core.actions.portal._users import left_alone, must_name, users_named
from recovery_console.core.actions.security._admins import somebody_stays
from recovery_console.core.checks.security._admins import ADMIN_ROLE
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RemoveRole(Action):
	"""Take one role, by default System Manager, away from named users. The last System Manager keeps it."""

	title = "Take a role away"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Role", "Has Role")
	checks = ("security.admin_growth", "security.admin_share")

	names: tuple[str, ...]
	role: str = ADMIN_ROLE

	def plan(self, site: Site) -> Plan:
		must_name(self.names, _("only you know who needs the role"))
		users_named(site, self.names)
		users_named(site, (self.role,), doctype="Role")
		if self.role == ADMIN_ROLE:
			somebody_stays(site, self.names)
		held, ruled = roles_of(site, self.names), ruled_by_profile(site, self.names)
		edits = {
			name: edit
			for name in self.names
			if name not in ruled and (edit := roles_changed(name, held[name], remove=[self.role]))
		}
		bare = [name for name in edits if len(held[name]) == 1]
		return self.planned(
			site,
			_("Users to take the role {role} away from: {count}"),
			[batch("User", name, edit) for name, edit in edits.items()],
			warnings=[
				_("It is their only role: they lose the Desk. {0}").format(", ".join(bare[:5])),
			]
			if bare
			else [],
			left_out=[
				*left_alone("User", ruled, _("A role profile gives it to them: change the profile.")),
				*left_alone("User", set(self.names) - ruled - set(edits), _("They do not have it.")),
			],
			role=self.role,
		)
