"""Put back the encryption key that opens the stored passwords."""

from __future__ import annotations

from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._backups import good_copies
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.actions.config._secrets import encrypted
from recovery_console.core.backends.secrets import key_is_valid, opens
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "encryption_key"


@dataclass(frozen=True)
class RestoreKey(Action):
	"""Take the key out of the copy of site_config.json whose key opens most of the stored passwords.

	Only where the key of now opens none: a key that opens some is never replaced. The key itself is shown nowhere.
	"""

	title = _("Put the encryption key back")
	risk = Risk.REVERSIBLE
	needs = ()
	checks = ("config.encryption_key",)

	def plan(self, site: Site) -> Plan:
		rows = encrypted(site)
		now = str(site.config.get(KEY) or "")
		if now and key_is_valid(now) and _opened(now, rows):
			raise UsageError(
				"The encryption key of now opens some of the stored passwords, so it is not replaced.",
				remedy="For those that it does not open use config.reencrypt_passwords, or enter them again.",
			)
		best, opened = self._best(site, rows)
		if not opened:
			raise UsageError(
				f"No key in a copy of site_config.json opens any of the {len(rows)} stored passwords.",
				remedy="Look for an older copy off this machine; else follow the runbook encryption-key-lost.",
			)
		return self.planned(
			site,
			_("Put back the encryption key that opens {opened} of {of} stored passwords"),
			[batch("Setting", KEY, set_key(site, "site", KEY, best.values[KEY]))],
			warnings=[_("Restart the bench afterwards: its processes keep the key of now.")],
			backup=best.name,
			opened=opened,
			of=len(rows),
		)

	@staticmethod
	def _best(site: Site, rows: list[dict[str, Any]]) -> tuple[Any, int]:
		tried = [
			(copy, _opened(str(copy.values[KEY]), rows))
			for copy in good_copies(site)
			if key_is_valid(copy.values.get(KEY))
		]
		return max(tried, key=lambda item: item[1], default=(None, 0))


def _opened(key: str, rows: list[dict[str, Any]]) -> int:
	return sum(opens(key, str(row["password"])) for row in rows)
