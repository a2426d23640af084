"""Can the secrets of two-factor authentication be decrypted?"""

from __future__ import annotations

from recovery_console.core.backends import secrets
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class TwoFactorSecrets(Check):
	"""Where two-factor authentication is on: do the users' secrets open with this site's encryption key?

	Cost: the two-factor defaults by index; one decryption per user who is set up, at most ``most``.
	"""

	title = _("Two-factor secrets")
	needs = ("User", "Role", "Has Role", "DefaultValue")
	explained_by = ("config.encryption_key",)

	most: int = 5000

	def run(self, site: Site) -> Answer:
		if not _two_factor.is_on(site):
			return
		kept = self._secrets(site)
		key = str(site.config.get("encryption_key") or "")
		tried = sorted(kept)[: self.most]
		closed = [owner for owner in tried if not secrets.opens(key, kept[owner])]
		yield self.measure(two_factor_users=len(kept))
		if closed:
			yield self.critical(
				_("Users who cannot log in because their two-factor secret does not open: {count}."),
				cause=_(
					"Their secrets were encrypted with another encryption_key than the one in site_config.json,"
					" usually since a restore without the configuration. Tried: {tried}."
				),
				remedy=_(
					"Put the old encryption_key back, from a *-site_config_backup.json in {backups}. If it is lost: log"
					" in as Administrator, who is never asked for a code, open each of these users and choose"
					" Password, Reset OTP Secret."
				),
				subjects=[("User", owner) for owner in closed],
				tried=len(tried),
				backups=str(site.path / "private" / "backups"),
			)

	def _secrets(self, site: Site) -> dict[str, str]:
		"""Return the stored secret of each user who is asked for a code."""
		t, user = table("DefaultValue"), table("User")
		rows = site.db.run(
			site.db.from_(t)
			.select(t.defkey, t.defvalue)
			.where(t.parent == _two_factor.PARENT)
			.orderby(t.defkey)
		)
		roles = _two_factor.roles(site)
		if not rows or not roles:
			return {}
		asked = site.db.run(_two_factor.asked(site, user, roles).select(user["name"]).distinct())
		names = {str(row["name"]) for row in asked}
		return {
			owner: str(row["defvalue"] or "")
			for row in rows
			if str(row["defkey"]).endswith(_two_factor.SECRET)
			and (owner := str(row["defkey"]).removesuffix(_two_factor.SECRET)) in names
		}
