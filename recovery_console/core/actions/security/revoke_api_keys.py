"""Make API keys of users worthless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, first_of, left_alone, noticed, users_named
from recovery_console.core.actions.security._secrets import kept_secrets, secret_deleted
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache
from recovery_console.core.edits import Edit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RevokeApiKeys(Action):
	"""Take away the API keys of named users, of everybody, or else of disabled users.

	The journal keeps the stored, encrypted secret, so that undo gives a program its access back that was cut off
	by mistake.
	"""

	title = "Revoke API keys"
	risk = Risk.DISRUPTIVE
	needs = ("User",)
	checks = ("security.programmatic_access",)

	names: tuple[str, ...] = ()
	everybody: bool = False
	keep: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		users_named(site, (*self.names, *self.keep), standard=True)
		holders = self._holders(site)
		rows = [row for row in holders if str(row["name"]) not in self.keep]
		working = sum(1 for row in rows if row["enabled"])
		return self.planned(
			site,
			_("Users to take the API key away from: {count}"),
			self._batches(site, rows),
			most=self.most,
			warnings=[_("Programs that come with these keys stop working at once: {0}.").format(working)]
			if working
			else [],
			left_out=[
				*left_alone("User", set(self.keep), _("They are to keep it.")),
				*left_alone(
					"User", {*self.names} - {str(row["name"]) for row in holders}, _("They have no API key.")
				),
			],
			enabled=working,
			whose=first_of(str(row["name"]) for row in rows),
		)

	def _holders(self, site: Site) -> list[Row]:
		t = table("User")
		query = site.db.from_(t).select(t["name"], t.enabled, t.api_key, t.modified)
		query = query.where(t.api_key.notnull() & (t.api_key != "")).orderby(t["name"])
		if self.names:
			query = query.where(t["name"].isin(list(self.names)))
		elif not self.everybody:
			query = query.where(t.enabled == 0)
		return site.db.run(query)

	@staticmethod
	def _batches(site: Site, rows: Sequence[Row]) -> Iterator[Batch]:
		now = site.ago(timedelta(0))
		secrets = kept_secrets(site, "api_secret", [str(row["name"]) for row in rows])
		for row in rows:
			edits: list[Edit] = [changed("User", row, api_key=None, modified=now)]
			edits += [secret_deleted(secret) for secret in secrets.get(str(row["name"]), [])]
			drop = document_cache(site, "User", str(row["name"]))
			yield batch("User", row["name"], *noticed(site, [drop], *edits))
