"""Can encrypted backups be opened again?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import GZIP
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Encrypted(Check):
	"""Where backups are encrypted: is the key to them there, and are they really encrypted?

	Cost: the names in one folder, and three bytes of one file.
	"""

	title = _("Encrypted backups")
	explained_by = ("config.readable",)

	def run(self, site: Site) -> Answer:
		encrypted = [found for found in _sets.all_sets(site) if found.encrypted]
		if not encrypted:
			return
		if not site.config.get("backup_encryption_key"):
			yield self.critical(
				_("Encrypted backups that nobody can open: {count}."),
				cause=_(
					"The configuration holds no backup_encryption_key. Frappe makes a new one for the next backup; it"
					" does not open these."
				),
				remedy=_(
					"Put the key back: it stands in clear in the *-site_config_backup-enc.json beside each backup in"
					" {folder}, and hopefully in your own safe. Then make a new backup."
				),
				subject="closed",
				subjects=[("Backup", found.stamp) for found in encrypted],
				folder=str(_sets.folder(site)),
			)
		newest = encrypted[0]
		part = newest.parts.get(_sets.DATABASE)
		if part and _sets.files(site).read_bytes(part.path, 3) == GZIP:
			yield self.warning(
				_("The newest backup is named as encrypted, but is not."),
				cause=_(
					"gpg failed; the backup went on without it and only printed so. Anybody who gets {file} can read it,"
					" and a restore that tries to decrypt it fails."
				),
				remedy=_(
					"Run `bench --site {site} backup --with-files` and read what gpg says. To restore this one, take"
					" -enc out of its names first."
				),
				subject="open",
				subjects=[("Backup", newest.stamp)],
				file=part.path.name,
				site=site.name,
			)
