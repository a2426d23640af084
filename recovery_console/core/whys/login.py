"""Why can this user not log in?"""

from __future__ import annotations

from typing import Any

from pypika import Order

from recovery_console.core.backends import secrets
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.checks.portal._users import (
	ADMINISTRATOR,
	AUTOMATIC_ROLES,
	SYSTEM_USER,
	can_send_mail,
)
from recovery_console.core.finding import _
from recovery_console.core.why import Given, Repair, Step, asks
from recovery_console.core.whys._door import WINDOW, Door


class Login(Door):
	"""From the account to the last attempt: what turns this user away?

	Cost: lookups by primary key, a walk through the counters of failed log-ins, and a few checks.
	"""

	id = "login"
	title = _("Why can this user not log in?")
	question = _("Why can {user} not log in?")
	takes = (
		Given("user", _("User"), required=True, doctype="User", hint=_("The e-mail address or user name.")),
		Given("address", _("IP address they come from"), hint=_("Such as 203.0.113.7, if you know it.")),
	)
	healthy = _("Nothing stands in the way of {user}: with the right password they get in.")

	@asks(_("Does their second factor work?"))
	def second_factor(self) -> Step:
		if not _two_factor.is_on(self.site) or self.name == ADMINISTRATOR:
			return self.skipped(_("They are not asked for one."))
		asking = _two_factor.roles(self.site)
		user = table("User")
		asked = self.site.db.count(
			_two_factor.asked(self.site, user, asking).where(user["name"] == self.name)
		)
		if not asked:
			return self.skipped(_("They are not asked for one."))
		method = self.site.single("System Settings", "two_factor_method") or ""
		if method == "SMS" and not (self.user["mobile_no"] or self.user["phone"]):
			return self.blocked(
				_("No: the code comes by SMS, and {user} has no telephone number."),
				_("Enter Mobile No in their User."),
				subjects=[("User", self.name)],
				user=self.name,
			)
		return self._stored_secret(method)

	def _stored_secret(self, method: str) -> Step:
		t = table("DefaultValue")
		keys = (self.name + _two_factor.SECRET, self.name + _two_factor.REGISTERED)
		rows = self.site.db.run(
			self.site.db.from_(t)
			.select(t.defkey, t.defvalue)
			.where((t.parent == _two_factor.PARENT) & t.defkey.isin(list(keys)))
		)
		kept = {str(row["defkey"]): str(row["defvalue"] or "") for row in rows}
		secret = kept.get(keys[0])
		if secret and not secrets.opens(str(self.site.config.get("encryption_key") or ""), secret):
			return self.blocked(
				_("No: the secret of {user} was encrypted with another key and does not open."),
				_(
					"Bring the old encryption_key back; if it is lost, let them set their second factor up anew."
				),
				repairs=[Repair("restore-encryption-key"), Repair("reset-second-factors", self.named)],
				user=self.name,
			)
		by_mail = method == "Email" or (method == "OTP App" and keys[1] not in kept)
		if by_mail and not can_send_mail(self.site):
			return self.blocked(
				_("No: {user} needs a mail for it, and this site cannot send any."),
				_("Set up an Email Account with Default Outgoing, or choose another method."),
				repairs=[Repair("choose-default-account"), Repair("mend-two-factor")],
				user=self.name,
			)
		if by_mail:
			return self.by_checks(
				"email.switched_off", "email.login_mails", ok=_("It comes by mail, and mails go out.")
			)
		return self.ok(_("Yes, by {method}."), method=method)

	@asks(_("Can they stay logged in?"))
	def sessions(self) -> Step:
		t = raw_table("tabSessions")
		number = self.site.db.count(self.site.db.from_(t).where(t["user"] == self.name))
		alone = self.site.config.flag("deny_multiple_sessions") or self.site.single_int(
			"System Settings", "deny_multiple_sessions"
		)
		text = _("Yes. They have {sessions} sessions; who logs in once more ends the oldest.")
		if alone:
			text = _("Yes, but at one place only: each log-in ends their other sessions ({sessions}).")
		return self.ok(text, sessions=number)

	@asks(_("Do they get to where they work?"))
	def gets_to_desk(self) -> Step:
		t, role = table("Has Role"), table("Role")
		rows = self.site.db.run(
			self.site.db.from_(t)
			.left_join(role)
			.on(role["name"] == t.role)
			.select(t.role, role.desk_access, role.disabled)
			.where((t.parent == self.name) & (t.parenttype == "User") & t.role.notin(list(AUTOMATIC_ROLES)))
		)
		desk = [str(row["role"]) for row in rows if row["desk_access"] and not row["disabled"]]
		kind = str(self.user["user_type"] or "")
		facts: dict[str, Any] = {
			"user": self.name,
			"roles": sorted(str(row["role"]) for row in rows),
			"user_type": kind,
		}
		if self.name == ADMINISTRATOR or (kind == SYSTEM_USER and desk):
			return self.ok(_("Yes, to Desk."), **facts)
		if desk:
			return self.blocked(
				_("No: {user} has roles for Desk, but counts as a {user_type} and is led to the website."),
				_("Let the console work out their type from their roles, or save their User once."),
				repairs=[Repair("work-out-user-types", self.named)],
				subjects=[("User", self.name)],
				**facts,
			)
		if kind == SYSTEM_USER:
			return self.blocked(
				_("They get in, but {user} has no role that opens anything in Desk."),
				_("Give them the role that their work needs."),
				repairs=[Repair("give-role", self.named)],
				subjects=[("User", self.name)],
				**facts,
			)
		return self.ok(_("They get to the website: their roles do not open Desk."), **facts)

	@asks(_("How did the last attempts end?"))
	def last_attempts(self) -> Step:
		log = table("Activity Log")
		since = self.site.ago(WINDOW)
		rows = self.site.db.run(
			self.site.db.from_(log)
			.select(log.status, log.subject, log.creation, log.ip_address)
			.where((log.creation >= since) & (log.modified >= since))
			.where((log["user"] == self.name) & (log.operation == "Login"))
			.orderby(log.creation, order=Order.desc)
			.limit(20)
		)
		if not rows:
			return self.ok(
				_("None reached the site in {days} days: see whether they open the right address."),
				days=WINDOW.days,
			)
		last = rows[0]
		when, address = self.when(last["creation"]), str(last["ip_address"] or "")
		if last["status"] != "Failed":
			return self.ok(_("The last one got in, at {when}."), when=when, address=address)
		if self.found:
			return self.ok(_("The last one failed, at {when}; what stands above explains it."), when=when)
		return self.blocked(
			_("The last attempt of {user} failed at {when}: the password, or the code, was wrong."),
			_("Let them set a new password. A password manager often fills in the old one."),
			repairs=[Repair("send-reset-links", self.named)],
			user=self.name,
			when=when,
			address=address,
			failed=sum(row["status"] == "Failed" for row in rows),
		)
