"""Lock stored passwords with the key of now that an earlier key still opens."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._backups import good_copies
from recovery_console.core.actions.config._secrets import TABLE, encrypted
from recovery_console.core.backends.secrets import key_is_valid, opens, reveal
from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

SHOWN = 20


@dataclass(frozen=True)
class ReencryptPasswords(Action):
	"""Open stored passwords with keys from copies of site_config.json, and lock them with the key of now.

	For passwords that were saved before the key was lost and Frappe made a new one. No password is shown or kept.
	"""

	title = _("Lock stored passwords anew")
	risk = Risk.REVERSIBLE
	checks = ("config.encryption_key",)

	def plan(self, site: Site) -> Plan:
		key = str(site.config.get("encryption_key") or "")
		if not key_is_valid(key):
			raise UsageError(
				"The site has no usable encryption key.", remedy="Put it back first: config.restore_key."
			)
		earlier = self._earlier(site, key)
		closed = [row for row in encrypted(site) if not opens(key, str(row["password"]))]
		found = {id(row): secret for row in closed if (secret := _reveal(earlier, row)) is not None}
		return self.planned(
			site,
			_("Stored passwords to lock with the present key: {count}"),
			[self._locked(key, row, found[id(row)]) for row in closed if id(row) in found],
			left_out=[
				LeftOut(
					Subject(str(row["doctype"]), str(row["name"])),
					_("No key that is known opens it: enter it again."),
				)
				for row in closed
				if id(row) not in found
			][:SHOWN],
			earlier_keys=len(earlier),
		)

	@staticmethod
	def _earlier(site: Site, key: str) -> list[str]:
		keys = [str(copy.values.get("encryption_key")) for copy in good_copies(site)]
		return [other for other in dict.fromkeys(keys) if key_is_valid(other) and other != key]

	@staticmethod
	def _locked(key: str, row: dict[str, Any], secret: str) -> Batch:
		named = {column: row[column] for column in ("doctype", "name", "fieldname")}
		token = Fernet(key.encode()).encrypt(secret.encode()).decode()
		edit = RowEdit(TABLE, named, {"password": row["password"]}, {"password": token})
		return batch(str(row["doctype"]), row["name"], edit, why=str(row["fieldname"]))


def _reveal(keys: list[str], row: dict[str, Any]) -> str | None:
	found = (reveal(key, str(row["password"])) for key in keys)
	return next((secret for secret in found if secret is not None), None)
