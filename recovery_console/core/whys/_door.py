"""The door: the account, and what turns a user away before and beside the password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.checks.portal._locks import counters, is_own_address
from recovery_console.core.checks.portal._users import (
	ADMINISTRATOR,
	STANDARD_USERS,
)
from recovery_console.core.finding import _
from recovery_console.core.times import day
from recovery_console.core.why import Repair, Step, Why, asks

#: So far back the last attempts are looked for.
WINDOW = timedelta(days=30)
MOST_COUNTERS = 50_000
#: By what else than their address people may log in, and the setting that lets them.
OTHER_NAMES = {
	"username": "allow_login_using_user_name",
	"mobile_no": "allow_login_using_mobile_number",
}


class Door(Why):
	"""Steps about one user: whether there is one, and whether the door is open to them."""

	user: dict[str, Any]

	@property
	def name(self) -> str:
		return str(self.user["name"])

	@property
	def named(self) -> dict[str, Any]:
		return {"names": [self.name]}

	@asks(_("Does the site let anybody in?"))
	def site_is_open(self) -> Step:
		return self.by_checks(
			"database.reachable",
			"cache.reachable",
			"cache.writable",
			"scheduler.maintenance",
			"portal.password_login",
			"portal.session_expiry",
			ok=_("Yes: neither maintenance nor its settings keep everybody out."),
		)

	@asks(_("Is there such a user?"))
	def exists(self) -> Step:
		t = table("User")
		wanted = self.given["user"]
		columns = ("name", "username", "enabled", "user_type", "login_after", "login_before", "restrict_ip")
		more = ("last_ip", "last_login", "last_active", "last_password_reset_date", "mobile_no", "phone")
		query = self.site.db.from_(t).select(
			*(t[name] for name in (*columns, *more)), t.bypass_restrict_ip_check_if_2fa_enabled.as_("bypass")
		)
		by_address = self.site.db.run(query.where(t["name"] == wanted))
		rows = by_address or self.site.db.run(query.where((t.username == wanted) | (t.mobile_no == wanted)))
		if not rows:
			return self._missing(wanted)
		self.user = rows[0]
		self.given["user"] = self.name
		if not by_address and not self._known_as(wanted):
			return self.blocked(
				_("No: {wanted} is {user}, and this site lets nobody log in by that other name."),
				_("Let them log in with {user}, or allow the other name in System Settings."),
				subjects=[("User", self.name), ("System Settings", "System Settings")],
				wanted=wanted,
				user=self.name,
			)
		return self.ok(
			_("Yes, {name} is a {user_type}."),
			name=self.name,
			user_type=self.user["user_type"] or _("user without a type"),
			subjects=[("User", self.name)],
		)

	def _known_as(self, wanted: str) -> bool:
		"""Tell whether this site takes the user name or the telephone number that they give."""
		return any(
			str(self.user[column] or "").casefold() == wanted.casefold()
			and self.site.single_int("System Settings", setting)
			for column, setting in OTHER_NAMES.items()
		)

	def _missing(self, wanted: str) -> Step:
		t = table("Deleted Document")
		rows = self.site.db.run(
			self.site.db.from_(t)
			.select(t["name"], t.creation)
			.where((t.deleted_doctype == "User") & (t.deleted_name == wanted))
			.orderby(t.creation, order=Order.desc)
			.limit(1)
		)
		if rows:
			return self.blocked(
				_("No: the user {user} was deleted at {when}."),
				_("Open the Deleted Document and restore it, if they are to have access."),
				subjects=[("Deleted Document", str(rows[0]["name"]))],
				ends=True,
				user=wanted,
				when=self.when(rows[0]["creation"]),
			)
		return self.blocked(
			_("No: this site has no user {user}."),
			_("Look for another spelling of the address, or make the user."),
			ends=True,
			user=wanted,
		)

	@asks(_("Is the account enabled?"))
	def enabled(self) -> Step:
		if self.user["enabled"] or self.name == ADMINISTRATOR:
			return self.ok(_("Yes."))
		return self.blocked(
			_("No: the account of {user} is disabled."),
			_("Find out in its timeline who disabled it and why. Enable it only if they are to have access."),
			repairs=[Repair("enable-users", self.named)],
			subjects=[("User", self.name)],
			user=self.name,
		)

	@asks(_("Have they a password, or another way to log in?"))
	def has_password(self) -> Step:
		auth = raw_table("__Auth")
		stored = self.site.db.value(
			self.site.db.from_(auth)
			.select(auth["name"])
			.where(
				(auth["doctype"] == "User") & (auth["name"] == self.name) & (auth["fieldname"] == "password")
			)
			.limit(1)
		)
		if stored:
			return self._password_age()
		if self.site.single_int("LDAP Settings", "enabled"):
			return self.ok(_("They have no password here; the directory (LDAP) has it."))
		if ways := self._social_ways():
			return self.ok(_("They have no password here; they log in through {ways}."), ways=", ".join(ways))
		text = _("No: {user} has never set a password.")
		if self.site.single_int("System Settings", "login_with_email_link"):
			text = _(
				"{user} has never set a password: only the link that the log-in page mails lets them in."
			)
		return self.blocked(
			text,
			_("Send them a link with which they set one."),
			repairs=[Repair("send-reset-links", self.named)],
			subjects=[("User", self.name)],
			user=self.name,
		)

	def _social_ways(self) -> list[str]:
		t, key = table("User Social Login"), table("Social Login Key")
		if not self.site.has_doctype("User Social Login"):
			return []
		rows = self.site.db.run(
			self.site.db.from_(t)
			.join(key)
			.on(key["name"] == t.provider)
			.select(t.provider)
			.where((t.parent == self.name) & (key.enable_social_login == 1))
		)
		return sorted({str(row["provider"]) for row in rows})

	def _password_age(self) -> Step:
		most = self.site.single_int("System Settings", "force_user_to_reset_password")
		changed = day(self.user["last_password_reset_date"])
		today = self.site.db_time(self.site.now()).date()
		if not most or changed is None or self.name in STANDARD_USERS or (today - changed).days <= most:
			return self.ok(_("Yes."))
		return self.ok(
			_(
				"Yes, but it is {days} days old, and {most} are allowed: they are led to a page to choose another."
			),
			days=(today - changed).days,
			most=most,
		)

	@asks(_("Are they free of the lock after failed log-ins?"))
	def not_locked(self) -> Step:
		attempts = self.site.single_int("System Settings", "allow_consecutive_login_attempts", 10)
		seconds = self.site.single_int("System Settings", "allow_login_after_fail", 60)
		if attempts <= 0:
			return self.skipped(_("This site locks nobody after failed log-ins."))
		locked, unreadable = counters(self.site, attempts, timedelta(seconds=seconds), MOST_COUNTERS)
		address = self._address()
		mine = [name for name in (self.name, address) if name and name in locked]
		limits: dict[str, Any] = {"attempts": attempts, "seconds": seconds, "user": self.name}
		if self.name in mine:
			return self.blocked(
				_("No: {user} is locked for {seconds} s, after more than {attempts} failed log-ins."),
				_("It ends by itself, or lift it. Then see what tries with a wrong password."),
				repairs=[Repair("unlock-logins", self.named)],
				subjects=[("User", self.name)],
				**limits,
			)
		own = [name for name in locked if name.count(".") == 3 and is_own_address(name)]
		if mine or own:
			return self.blocked(
				_(
					"No: the address {address} is locked after failed log-ins, and with it everybody behind it."
				),
				_(
					"It ends by itself after {seconds} s, or lift it. Then find the device with the old password."
				),
				repairs=[Repair("unlock-logins", {"names": mine or own})],
				**limits,
				address=", ".join(mine or own),
			)
		if self.name in unreadable:
			return self.unknown(_("The counter of their failed log-ins cannot be read."))
		return self.ok(_("Yes."))

	def _address(self) -> str:
		return self.given["address"] or str(self.user["last_ip"] or "")

	@asks(_("Do their addresses fit Restrict IP?"))
	def from_allowed_address(self) -> Step:
		text = str(self.user["restrict_ip"] or "")
		allowed = tuple(entry.strip() for entry in text.split(",") if entry.strip())
		if not allowed:
			return self.ok(_("They may come from everywhere."))
		bypass = self.site.single_int("System Settings", "bypass_restrict_ip_check_if_2fa_enabled")
		if _two_factor.is_on(self.site) and (bypass or self.user["bypass"]):
			return self.ok(_("Restrict IP is not asked of them, because they use a second factor."))
		address = self._address()
		if not address:
			return self.unknown(
				_("They may come from {allowed} only; from where they come is not known."),
				_("Ask again with their address."),
				allowed=", ".join(allowed),
			)
		if address.startswith(allowed):
			return self.ok(_("Yes: {address} is allowed."), address=address, allowed=list(allowed))
		return self.blocked(
			_("No: {user} comes from {address}, and may come from {allowed} only."),
			_(
				"Add the beginning of their address to Restrict IP in their User, if they are to come from there."
			),
			repairs=[Repair("mend-ip-restrictions", self.named)],
			subjects=[("User", self.name)],
			user=self.name,
			address=address,
			allowed=", ".join(allowed),
		)

	@asks(_("May they log in at this hour?"))
	def at_allowed_hour(self) -> Step:
		after, before = int(self.user["login_after"] or 0), int(self.user["login_before"] or 0)
		now = self.site.db_time(self.site.now())
		if not (after or before):
			return self.ok(_("At every hour."))
		if after <= now.hour and not (before and now.hour >= before):
			return self.ok(
				_("Yes: it is {now}, and their hours are from {after} to {before}."),
				now=f"{now:%H:%M}",
				after=after,
				before=before or 24,
			)
		return self.blocked(
			_("No: it is {now}, and {user} may log in from {after} to {before} only."),
			_(
				"Change Login After and Login Before in their User. Hours across midnight cannot be expressed."
			),
			repairs=[Repair("clear-login-hours", self.named)],
			subjects=[("User", self.name)],
			user=self.name,
			now=f"{now:%H:%M}",
			after=after,
			before=before or 24,
		)
