"""Put the key to encrypted backups back."""

from __future__ import annotations

import json

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.backups import _sets
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_KEY = "backup_encryption_key"


@dataclass(frozen=True)
class RestoreKey(Action):
	"""Put backup_encryption_key back from the newest copy of the configuration beside the encrypted backups.

	Only where the configuration has none. The key itself is shown nowhere.
	"""

	title = _("Put the key to encrypted backups back")
	risk = Risk.REVERSIBLE
	checks = ("backups.encrypted",)

	def plan(self, site: Site) -> Plan:
		if site.config.get(_KEY):
			return self.planned(site, _("The key to encrypted backups is there"), [])
		for found in _sets.all_sets(site):
			key = self._key(site, found)
			if key:
				edit = ConfigEdit("site", _KEY, site.config.site.values.get(_KEY, ABSENT), key)
				return self.planned(
					site,
					_("Put the key to encrypted backups back, from the backup of {taken}"),
					[batch("Setting", _KEY, edit)],
					taken=found.stamp,
				)
		raise UsageError(
			_("No copy of the configuration beside the backups holds {0}.").format(_KEY),
			remedy=_("Look for it in your own safe, and in copies of the backups on other machines."),
		)

	@staticmethod
	def _key(site: Site, found: _sets.BackupSet) -> str:
		if _sets.CONFIG not in found.parts:
			return ""
		try:
			values = json.loads(_sets.files(site).read_text(found.parts[_sets.CONFIG].path))
		except ValueError:
			return ""
		return str(values.get(_KEY) or "") if isinstance(values, dict) else ""
