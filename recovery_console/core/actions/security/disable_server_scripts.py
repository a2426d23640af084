"""Stop Server Scripts, or keep guests from them."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

CLOSE, LIMIT, DISABLE = "close", "limit", "disable"


@dataclass(frozen=True)
class DisableServerScripts(Action):
	"""Do one of three things with Server Scripts that anybody on the internet may run, or that are named.

	``close`` lets only users who are logged in run them, ``limit`` limits how often, ``disable`` stops them.
	"""

	title = "Close Server Scripts to guests"
	risk = Risk.DISRUPTIVE
	needs = ("Server Script",)
	checks = ("security.guest_scripts",)

	names: tuple[str, ...] = ()
	do: str = CLOSE

	def plan(self, site: Site) -> Plan:
		after = {CLOSE: {"allow_guest": 0}, LIMIT: {"enable_rate_limit": 1}, DISABLE: {"disabled": 1}}.get(
			self.do
		)
		if after is None:
			raise UsageError(
				f"{self.do[:40]!r} is nothing that is done with Server Scripts.",
				remedy=f"Give do={CLOSE}, do={LIMIT} or do={DISABLE}.",
			)
		fields = ("disabled", "allow_guest", "enable_rate_limit")
		if self.names:
			rows = users_named(site, self.names, *fields, doctype="Server Script")
		else:
			t = table("Server Script")
			query = site.db.from_(t).select(t["name"], *(t[field] for field in fields)).orderby(t["name"])
			rows = site.db.run(
				query.where((t.script_type == "API") & (t.allow_guest == 1) & (t.disabled == 0))
			)
			rows = [row for row in rows if self.do != LIMIT or not row["enable_rate_limit"]]
		return self.planned(
			site,
			_("Server Scripts that may be run {what}: {count}"),
			[
				batch("Server Script", row["name"], saved("Server Script", row, **after))
				for row in rows
				if any(row[name] != value for name, value in after.items())
			],
			warnings=[_("A page or program that runs one of them without logging in stops working.")]
			if self.do != LIMIT
			else [],
			what={
				CLOSE: _("only by users who are logged in"),
				LIMIT: _("only so often"),
				DISABLE: _("not at all"),
			}[self.do],
		)
