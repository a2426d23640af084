"""Let users set up their second factor anew."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, noticed, users_named
from recovery_console.core.backends import secrets
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import defaults_cache
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ResetTwoFactor(Action):
	"""Take out the second factors that no longer open, or those of named users: they are set up at the next log-in.

	Try the old encryption key first: with it nothing has to be set up again.
	"""

	title = "Reset second factors"
	risk = Risk.DISRUPTIVE
	needs = ("User", "DefaultValue")
	checks = ("portal.two_factor_secrets",)

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		users_named(site, self.names)
		kept = self._kept(site)
		names = list(self.names) or self._closed(site, kept)
		return self.planned(
			site,
			_("Users who are to set up their second factor anew: {count}"),
			self._batches(site, kept, names),
			most=self.most,
			warnings=[
				_(
					"Until they have done so, their password alone lets whoever knows it set up a second factor."
				)
			],
		)

	@staticmethod
	def _kept(site: Site) -> dict[str, list[Row]]:
		"""Return what is kept for each user: the secret, and the mark that it was set up."""
		t = table("DefaultValue")
		found: dict[str, list[Row]] = {}
		query = site.db.from_(t).where(t["parent"] == _two_factor.PARENT).orderby(t["defkey"], t["name"])
		for row in whole_rows(site, query):
			key = str(row["defkey"])
			owner = key.removesuffix(_two_factor.SECRET).removesuffix(_two_factor.REGISTERED)
			if owner != key:
				found.setdefault(owner, []).append(row)
		return found

	@staticmethod
	def _closed(site: Site, kept: dict[str, list[Row]]) -> list[str]:
		"""Return the users who are asked for a code and whose secret does not open."""
		key = str(site.config.get("encryption_key") or "")
		if not secrets.key_is_valid(key):
			raise UsageError(
				"site_config.json holds no usable encryption_key, so that no second factor would open anew either.",
				remedy="Mend encryption_key first, from a *-site_config_backup.json.",
			)
		user, roles = table("User"), _two_factor.roles(site)
		asked = (
			site.db.run(_two_factor.asked(site, user, roles).select(user["name"]).distinct()) if roles else []
		)
		names = {str(row["name"]) for row in asked}
		return [
			owner
			for owner, rows in sorted(kept.items())
			for row in rows
			if owner in names
			and str(row["defkey"]).endswith(_two_factor.SECRET)
			and not secrets.opens(key, str(row["defvalue"] or ""))
		]

	@staticmethod
	def _batches(site: Site, kept: dict[str, list[Row]], names: list[str]) -> Iterator[Batch]:
		for name in dict.fromkeys(names):
			if name in kept:
				rows = [deleted("DefaultValue", row) for row in kept[name]]
				yield batch("User", name, *noticed(site, [defaults_cache(site, _two_factor.PARENT)], *rows))
