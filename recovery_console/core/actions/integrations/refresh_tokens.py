"""Renew authorisations of Connected Apps that can be renewed."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_CACHE = "Token Cache"


@dataclass(frozen=True)
class RefreshTokens(Action):
	"""Ask the services for new tokens where the old ones ran out and a refresh token is stored.

	Frappe does the same when the connection is used next; doing it now shows whether the service still agrees.
	"""

	title = _("Renew authorisations of Connected Apps")
	risk = Risk.DISRUPTIVE
	needs = ("Connected App", _CACHE)
	checks = ("integrations.connected_apps", "email.oauth")
	batch_size: ClassVar[int] = 5

	names: tuple[str, ...] = ()
	most: int = 100

	def plan(self, site: Site) -> Plan:
		known_names(site, _CACHE, self.names)
		auth, t = raw_table("__Auth"), table(_CACHE)
		renewable = (
			site.db.from_(auth)
			.select(auth["name"])
			.where((auth["doctype"] == _CACHE) & (auth["fieldname"] == "refresh_token"))
		)
		query = site.db.from_(t).select(t["name"], t["user"], t.connected_app, t.modified, t.expires_in)
		rows = site.db.run(query.where(t["name"].isin(renewable)).orderby(t["name"]))
		expired = [
			row
			for row in rows
			if (not self.names or row["name"] in self.names)
			and (age := site.age(row["modified"])) is not None
			and age >= timedelta(seconds=int(row["expires_in"] or 0))
		]
		since = site.ago(timedelta(0)).isoformat(sep=" ")
		return self.planned(
			site,
			_("Authorisations to renew: {count}"),
			[
				batch(
					_CACHE,
					row["name"],
					Act(
						_("renew"),
						_CACHE,
						str(row["name"]),
						{"app": str(row["connected_app"]), "user": str(row["user"]), "since": since},
						frappe=True,
					),
				)
				for row in expired
			],
			most=self.most,
			warnings=[_("A service may refuse; then the user must connect anew, as before.")]
			if expired
			else (),
		)
