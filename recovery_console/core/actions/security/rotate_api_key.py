"""Give a user's API key a new secret."""

from __future__ import annotations

import re
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, noticed, users_named
from recovery_console.core.actions.security._secrets import kept_secrets
from recovery_console.core.backends import secrets
from recovery_console.core.cached import document_cache
from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_GOOD = re.compile(r"[A-Za-z0-9._~-]{20,128}")


@dataclass(frozen=True)
class RotateApiKey(Action):
	"""Replace the secret of one user's API key by one that you have chosen; the key itself stays.

	The new secret is encrypted with the site's key before it is planned, and shown nowhere. Enter it in the program
	that uses it right after.
	"""

	title = "Rotate the secret of an API key"
	risk = Risk.DISRUPTIVE
	needs = ("User",)
	checks = ("security.programmatic_access",)
	secret = ("new_secret",)

	name: str
	new_secret: str

	def plan(self, site: Site) -> Plan:
		user = users_named(site, (self.name,), "api_key", "modified", standard=True)[0]
		held = kept_secrets(site, "api_secret", [self.name]).get(self.name)
		if not user["api_key"] or not held:
			raise UsageError(
				f"{self.name} has no API key whose secret could be replaced.",
				remedy="Generate Keys under API Access in the User makes the first one.",
			)
		sealed = self._sealed(site)
		return self.planned(
			site,
			_("Replace the secret of the API key of {user}"),
			[
				batch(
					"User",
					self.name,
					*noticed(
						site,
						[document_cache(site, "User", self.name)],
						self._edit(held[0], sealed),
						changed("User", user, modified=site.ago(timedelta(0))),
					),
				)
			],
			warnings=[_("Programs that come with the old secret stop working at once.")],
			user=self.name,
		)

	def _sealed(self, site: Site) -> str:
		if not _GOOD.fullmatch(self.new_secret):
			raise UsageError(
				"The new secret must have 20 to 128 letters and digits (also . _ ~ -).",
				remedy="Let a password manager make one of 30 letters and digits.",
			)
		key = str(site.config.get("encryption_key") or "")
		sealed = secrets.seal(key, self.new_secret) if secrets.key_is_valid(key) else None
		if sealed is None:
			raise UsageError(
				"site_config.json holds no usable encryption_key, so that nothing can be stored encrypted.",
				remedy="Mend encryption_key first, from a *-site_config_backup.json.",
			)
		return sealed

	@staticmethod
	def _edit(row: Row, sealed: str) -> RowEdit:
		key = {name: row[name] for name in ("doctype", "name", "fieldname")}
		before = {name: row[name] for name in ("password", "encrypted")}
		return RowEdit("__Auth", key, before, {"password": sealed, "encrypted": 1})
