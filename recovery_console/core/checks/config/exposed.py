"""Can others on this machine read or change the configuration?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config._keys import holds_secrets
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Exposed(Check):
	"""Can users of this machine other than the bench's own read the site's secrets, or change its configuration?

	Cost: the rights of two files and of the folders above them.
	"""

	title = _("Configuration files open to others")

	def run(self, site: Site) -> Answer:
		for file in (site.config.site, site.config.common):
			if site.files.stat(file.path) is None:
				continue
			if site.files.open_to_others(file.path, write=True):
				yield self.critical(
					_("Every user of this machine can change {file}."),
					cause=_(
						"Its rights are {mode}. Who changes it decides which database the site opens and with which key."
					),
					remedy=_("Close it: `chmod 600 {path}`. Then look at what it says, line by line."),
					subject=f"write:{file.path.name}",
					subjects=[("File", file.path.name)],
					**self._evidence(site, file.path),
				)
			elif holds_secrets(file) and site.files.open_to_others(file.path):
				yield self.warning(
					_("Every user of this machine can read the passwords in {file}."),
					cause=_(
						"Its rights are {mode}, and all folders above it may be entered. It holds the keys to the site's"
						" database and to its encrypted values."
					),
					remedy=_("Close it: `chmod 600 {path}`. Only the bench's own user needs it."),
					subject=f"read:{file.path.name}",
					subjects=[("File", file.path.name)],
					**self._evidence(site, file.path),
				)

	@staticmethod
	def _evidence(site: Site, path: object) -> dict[str, str]:
		found = site.files.stat(str(path))
		return {
			"file": str(path).rpartition("/")[2],
			"path": str(path),
			"mode": f"{found.mode:o}" if found else "",
		}
