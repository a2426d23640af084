"""Do administrators change their passwords?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import ADMINISTRATOR
from recovery_console.core.checks.security._admins import admins
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class PasswordAge(Check):
	"""Which System Managers, Administrator among them, have had the same password for half a year or more?

	Who never changed it has had it since the account was made. Who logs in through another service, and has no
	password here, is not looked at.

	Cost: one walk through the holders of one role.
	"""

	title = _("Age of administrators' passwords")
	needs = ("User", "Has Role")

	rotate_after: timedelta = timedelta(days=180)
	overdue_after: timedelta = timedelta(days=365)

	def run(self, site: Site) -> Answer:
		ages = self._ages(site)
		yield self.measure(oldest_password_days=max((age.days for _name, age in ages), default=0))
		overdue = [(name, age) for name, age in ages if age > self.overdue_after]
		due = [(name, age) for name, age in ages if self.rotate_after < age <= self.overdue_after]
		for kind, found, limit in (("overdue", overdue, self.overdue_after), ("due", due, self.rotate_after)):
			if found:
				yield self.info(
					_("System Managers with the same password for more than {limit}: {count}."),
					cause=_(
						"With time a password is typed on more machines and saved in more places. The oldest is {oldest_days}"
						" days old."
					),
					remedy=_(
						"Ask each to choose a new one: My Settings, Change Password. Administrator's is set with `bench"
						" --site {site} set-admin-password`. To have Frappe ask by itself, set Force User to Reset Password"
						" in System Settings."
					),
					subject=kind,
					subjects=[("User", name) for name, _age in found],
					limit=in_words(limit),
					oldest_days=max(age.days for _name, age in found),
					site=site.name,
				)

	def _ages(self, site: Site) -> list[tuple[str, timedelta]]:
		"""Return who has a password for how long, the oldest first."""
		user, has_role, kept = table("User"), table("Has Role"), raw_table("__Auth")
		own = (kept["doctype"] == "User") & (kept["fieldname"] == "password") & (kept["name"] == user["name"])
		columns = (
			user["name"].as_("id"),
			user.last_password_reset_date.as_("changed"),
			user.creation.as_("made"),
		)
		rows = site.db.run(admins(site, user, has_role).join(kept).on(own).select(*columns).distinct())
		rows += site.db.run(
			site.db.from_(user).join(kept).on(own).select(*columns).where(user["name"] == ADMINISTRATOR)
		)
		found = [(str(row["id"]), site.age(row["changed"] or row["made"])) for row in rows]
		return sorted(
			((name, age) for name, age in found if age is not None), key=lambda item: (-item[1], item[0])
		)
