"""Can others get at the backups?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups import _sets
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Exposed(Check):
	"""Can visitors of the website, or other users of this machine, read the backups?

	Cost: the rights of the files in one folder, and of the folders above it.
	"""

	title = _("Backups open to others")

	def run(self, site: Site) -> Answer:
		sets = _sets.all_sets(site)
		if not sets:
			return
		folder = _sets.folder(site).resolve()
		if folder.is_relative_to((site.path / "public").resolve()):
			yield self.critical(
				_("The backups lie in a folder that the website shows to everybody."),
				cause=_(
					"backup_path leads to {folder}. Whoever guesses a name downloads the whole database, with the"
					" keys to it."
				),
				remedy=_(
					"Take backup_path out of the configuration, move the backups to {private}, and treat the data and"
					" all passwords as known to others: change them."
				),
				subject="web",
				subjects=[("Setting", "backup_path")],
				folder=str(folder),
				private=str(site.path / "private" / "backups"),
			)
		source = _sets.files(site)
		parts = [part for found in sets for part in found.parts.values()]
		readable = [part for part in parts if source.open_to_others(part.path)]
		if readable:
			yield self.warning(
				_("Every user of this machine can read the backups: {count} files."),
				cause=_(
					"Their rights and those of all folders above allow it. A backup holds all data, and the copy of the"
					" configuration in it the passwords and keys in clear."
				),
				remedy=_("Close the folder: `chmod 700 {folder}`. Frappe leaves its rights as they are."),
				subject="machine",
				subjects=[("File", part.path.name) for part in readable],
				folder=str(folder),
			)
