"""Would the newest backup's passwords open with the site's key?"""

from __future__ import annotations

import json

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import hours


@dataclass(frozen=True)
class Key(Check):
	"""Does the newest backup of the configuration hold the same encryption key as the site?

	Cost: one small file. Neither key is shown.
	"""

	title = _("Encryption key in the backup")
	explained_by = ("config.encryption_key", "backups.sound", "config.readable")

	def run(self, site: Site) -> Answer:
		newest = next((found for found in _sets.all_sets(site) if _sets.CONFIG in found.parts), None)
		current = site.config.get("encryption_key")
		if newest is None:
			return
		saved = self._saved(site, newest)
		if saved == current or (saved and not current):
			return  # without a key on the site, another check speaks
		yield self.warning(
			_("The newest backup holds another encryption key than the site.")
			if saved
			else _("The newest backup holds no encryption key, the site has one."),
			cause=_(
				"The key in site_config.json changed after that backup, which is {hours} h old. Passwords in that backup's database open only with"
				" the key of their own time."
			),
			remedy=_(
				"If nobody changed the key on purpose, find out whether stored passwords can still be read. Then make a"
				" new backup, `bench --site {site} backup --with-files`, so that key and data fit together again."
			),
			subjects=[("Backup", newest.stamp)],
			taken=newest.taken,
			hours=hours(site.now() - newest.taken),
			site=site.name,
		)

	@staticmethod
	def _saved(site: Site, newest: _sets.BackupSet) -> str | None:
		try:
			values = json.loads(_sets.files(site).read_text(newest.parts[_sets.CONFIG].path))
		except ValueError:
			return None
		return values.get("encryption_key") if isinstance(values, dict) else None
