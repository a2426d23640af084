"""Send users a link to set a new password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._csv import read_users
from recovery_console.core.actions.portal._users import Row, left_alone, users_named
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.checks.portal._users import STANDARD_USERS, can_send_mail, people
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_MOST_PER_MINUTE = 60


@dataclass(frozen=True)
class SendResetLinks(Action):
	"""Mail each user a link to set a new password, a few a minute.

	Users are named, come from a CSV with a column called email, or are the enabled ones who have no password, as
	after forced resets. Old links stop working; an old password works until the new one is set.
	"""

	title = "Send password reset links"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Email Account")
	batch_size = 5
	time_limit = timedelta(minutes=10)

	names: tuple[str, ...] = ()
	csv_text: str = ""
	without_password: bool = False
	per_minute: int = 20
	most: int = 200

	def plan(self, site: Site) -> Plan:
		if not 1 <= self.per_minute <= _MOST_PER_MINUTE:
			raise UsageError(
				f"{self.per_minute} mails a minute is no pace from 1 to {_MOST_PER_MINUTE}.",
				remedy="20 a minute does not strain an ordinary mail server.",
			)
		if not can_send_mail(site):
			raise UsageError(
				"The site cannot send mail: no Email Account is both Enable Outgoing and Default Outgoing.",
				remedy="Set one up first. For one user: bench --site SITE set-password USER.",
			)
		names, repeated = self._names(site)
		rows = users_named(site, [name for name in names if name not in STANDARD_USERS], "enabled")
		enabled = [row for row in rows if row["enabled"]]
		if len(enabled) > self.most:
			raise UsageError(
				f"{len(enabled)} users would get a link, more than most={self.most}; nothing was sent.",
				remedy="Give a greater most, or name the users in parts: nobody is to get two links.",
			)
		takes = timedelta(minutes=len(enabled) / self.per_minute)
		return self.planned(
			site,
			_("Users to be sent a link to set a new password: {count}"),
			self._batches(enabled),
			most=self.most,
			warnings=[
				_(
					"These mails leave the site; links that were sent before stop working. It takes about {0}."
				).format(in_words(max(takes, timedelta(minutes=1))))
			],
			left_out=[
				*left_alone("User", (str(row["name"]) for row in rows if not row["enabled"]), _("Disabled.")),
				*left_alone("User", set(names) & set(STANDARD_USERS), _("This account has no mailbox.")),
			],
			named_twice=repeated,
		)

	def _names(self, site: Site) -> tuple[list[str], int]:
		if [bool(self.names), bool(self.csv_text), self.without_password].count(True) != 1:
			raise UsageError(
				"Say in one way who gets a link: name the users, give a CSV, or take those without a password.",
				remedy="Give names=… with commas between, csv_text=… with a column email, or without_password=yes.",
			)
		if self.without_password:
			return self._without_password(site), 0
		if self.names:
			return list(self.names), 0
		users, repeated = read_users(self.csv_text)
		known = {str(row["name"]) for row in rows_named(site, "User", users, ())}
		unknown = [user for user in users if user not in known]
		if unknown:
			shown = ", ".join(repr(user[:80]) for user in unknown[:10])
			raise UsageError(
				f"{len(unknown)} of the {len(users)} users in the list are not on {site.name}: {shown}.",
				remedy="Take these lines out, or write the addresses as their User has them.",
			)
		return users, repeated

	@staticmethod
	def _without_password(site: Site) -> list[str]:
		user, kept = table("User"), raw_table("__Auth")
		own = (kept["doctype"] == "User") & (kept["name"] == user["name"]) & (kept["fieldname"] == "password")
		query = people(site, user).left_join(kept).on(own).where(kept["name"].isnull())
		return [str(row["name"]) for row in site.db.run(query.select(user["name"]).orderby(user["name"]))]

	def _batches(self, rows: Sequence[Row]) -> Iterator[Batch]:
		pause = round(60 / self.per_minute, 2)
		for row in rows:
			user = str(row["name"])
			arguments = {"user": user, "pause": pause}
			yield batch("User", user, Act(_("reset link sent"), "User", user, arguments, frappe=True))
