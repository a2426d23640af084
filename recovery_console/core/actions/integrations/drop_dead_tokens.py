"""Delete authorisations that ran out and cannot be renewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.checks.email._accounts import accounts
from recovery_console.core.edits import RowEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site

_CACHE = "Token Cache"


@dataclass(frozen=True)
class DropDeadTokens(Action):
	"""Delete rows of Token Cache that ran out and that nothing renews, with what is stored for them.

	For connections that nobody uses any more. Who still uses one opens the Connected App and presses Connect.
	"""

	title = _("Delete authorisations that ran out")
	risk = Risk.REVERSIBLE
	needs = ("Connected App", _CACHE, "Email Account")
	checks = ("integrations.connected_apps",)

	names: tuple[str, ...] = ()
	grace: timedelta = timedelta(hours=1)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		t = table(_CACHE)
		query = site.db.from_(t).where(t["expires_in"] > 0)
		if self.names:
			query = query.where(t["name"].isin(list(known_names(site, _CACHE, self.names))))
		kept = self._renewable(site) | self._of_mail(site)
		rows = [
			row
			for row in whole_rows(site, query.orderby(t["name"]))
			if str(row["name"]) not in kept and self._ran_out(site, row)
		]
		return self.planned(
			site,
			_("Authorisations that ran out, to delete: {count}"),
			[self._gone(site, row) for row in rows],
			most=self.most,
			warnings=[
				_(
					"What uses such a connection fails now and will go on failing, until somebody connects it anew."
				)
			]
			if rows
			else (),
		)

	def _ran_out(self, site: Site, row: dict[str, Any]) -> bool:
		age = site.age(row["modified"])
		return age is not None and age > timedelta(seconds=int(row["expires_in"])) + self.grace

	@staticmethod
	def _renewable(site: Site) -> set[str]:
		t = raw_table("__Auth")
		kept = (t["doctype"] == _CACHE) & (t["fieldname"] == "refresh_token")
		return {str(row["name"]) for row in site.db.run(site.db.from_(t).select(t["name"]).where(kept))}

	@staticmethod
	def _of_mail(site: Site) -> set[str]:
		"""Return those with which mail accounts log in: they are connected anew from the Email Account."""
		return {
			f"{account.text('connected_app')}-{account.text('connected_user')}"
			for account in accounts(site)
			if account.oauth
		}

	@staticmethod
	def _gone(site: Site, row: dict[str, Any]) -> Batch:
		name = str(row["name"])
		auth = raw_table("__Auth")
		stored = whole_rows(
			site, site.db.from_(auth).where((auth["doctype"] == _CACHE) & (auth["name"] == name))
		)
		edits = [
			RowEdit("__Auth", {key: one[key] for key in ("doctype", "name", "fieldname")}, dict(one), None)
			for one in stored
		]
		if site.has_doctype("OAuth Scope"):
			t = table("OAuth Scope")
			scopes = site.db.from_(t).where((t["parent"] == name) & (t["parenttype"] == _CACHE))
			edits += [deleted("OAuth Scope", one) for one in whole_rows(site, scopes)]
		return batch(_CACHE, name, *edits, deleted(_CACHE, row))
