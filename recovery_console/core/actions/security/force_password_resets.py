"""Make passwords worthless, so that each user must set a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, left_alone, noticed, users_named
from recovery_console.core.actions.security._secrets import kept_secrets, secret_deleted
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache
from recovery_console.core.checks.portal._users import ADMINISTRATOR, STANDARD_USERS, can_send_mail
from recovery_console.core.edits import Edit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ForcePasswordResets(Action):
	"""Take the password out of named users, or of everybody: it opens nothing any more, nor does an old reset link.

	They get in again by a new link (``portal.send_reset_links``, or Forgot Password on the log-in page). Sessions
	end by ``portal.end_sessions``. Administrator is not touched: ``bench set-admin-password`` gives it a new one.
	"""

	title = "Force password resets"
	risk = Risk.DISRUPTIVE
	needs = ("User",)

	names: tuple[str, ...] = ()
	everybody: bool = False
	keep: tuple[str, ...] = ()
	most: int = 2000

	def plan(self, site: Site) -> Plan:
		if bool(self.names) == self.everybody:
			raise UsageError(
				"Name the users, or say everybody=yes, but not both.",
				remedy="Give names=… with commas between them.",
			)
		users_named(site, (*self.names, *self.keep), standard=bool(self.keep))
		rows = [row for row in self._users(site) if str(row["name"]) not in self.keep]
		batches = list(self._batches(site, rows))
		without = {str(row["name"]) for row in rows} - {one.subject.name for one in batches}
		return self.planned(
			site,
			_("Users whose password is to be made worthless: {count}"),
			batches,
			most=self.most,
			warnings=[
				_("They get in only by a new link, which needs the site's mail to work."),
				*self._locked_out(site),
				_("Undo puts the old passwords back, not new ones that were set meanwhile."),
			],
			left_out=[
				*left_alone("User", self.keep, _("They are to keep their password.")),
				*left_alone(
					"User", [ADMINISTRATOR] if self.everybody else [], _("bench set-admin-password.")
				),
				*left_alone("User", without, _("They have no password.")),
			],
		)

	def _locked_out(self, site: Site) -> list[str]:
		said = []
		if site.has_doctype("Email Account") and not can_send_mail(site):
			said.append(
				_("The site cannot send mail now: until it can, only the shell lets anybody in again.")
			)
		if self.everybody and not self.keep:
			said.append(
				_("Nobody but Administrator keeps a password, not even you: give keep=… with your own user.")
			)
		return said

	def _users(self, site: Site) -> list[Row]:
		t = table("User")
		query = site.db.from_(t).select(t["name"], t.reset_password_key).orderby(t["name"])
		if self.names:
			query = query.where(t["name"].isin(list(self.names)))
		return site.db.run(query.where(t["name"].notin(list(STANDARD_USERS))))

	@staticmethod
	def _batches(site: Site, rows: Sequence[Row]) -> Iterator[Batch]:
		secrets = kept_secrets(site, "password", [str(row["name"]) for row in rows])
		for row in rows:
			name = str(row["name"])
			edits: list[Edit] = [secret_deleted(secret) for secret in secrets.get(name, [])]
			if edits and row["reset_password_key"]:
				edits.append(changed("User", row, reset_password_key=None))
			if edits:
				yield batch("User", name, *noticed(site, [document_cache(site, "User", name)], *edits))
