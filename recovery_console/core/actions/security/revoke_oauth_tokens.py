"""Revoke the tokens by which other programs act for users."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import left_alone, per_user, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_DOCTYPE = "OAuth Bearer Token"


@dataclass(frozen=True)
class RevokeOauthTokens(Action):
	"""Revoke the active OAuth tokens of named users, or of everybody but those who are to be kept."""

	title = "Revoke OAuth tokens"
	risk = Risk.DISRUPTIVE
	needs = ("User", _DOCTYPE)

	names: tuple[str, ...] = ()
	keep: tuple[str, ...] = ()
	most: int = 2000

	def plan(self, site: Site) -> Plan:
		users_named(site, (*self.names, *self.keep), standard=True)
		t = table(_DOCTYPE)
		query = site.db.from_(t).select(t["name"], t["user"], t.status).where(t.status == "Active")
		if self.names:
			query = query.where(t["user"].isin(list(self.names)))
		rows = [row for row in site.db.run(query.orderby(t["name"])) if str(row["user"]) not in self.keep]
		return self.planned(
			site,
			_("Users whose OAuth tokens are to be revoked: {count}"),
			[
				batch("User", user, *(changed(_DOCTYPE, row, status="Revoked") for row in own))
				for user, own in sorted(per_user(rows, "user").items())
			],
			most=self.most,
			warnings=[_("Programs that use these tokens must ask the users again.")] if rows else [],
			left_out=left_alone("User", self.keep, _("Their tokens are to be kept.")),
			tokens=len(rows),
		)
