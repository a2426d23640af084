"""Do the configuration files belong to the bench's user?"""

from __future__ import annotations

from recovery_console.core.backends.files import StoredFile, user_name
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Owner(Check):
	"""Do site_config.json, common_site_config.json and apps.txt belong to the user who owns the bench?

	Cost: the rights of four files.
	"""

	title = _("Owner of the configuration files")

	def run(self, site: Site) -> Answer:
		sites = site.bench / "sites"
		folder = site.files.stat(sites)
		if folder is None:
			return
		for path in (site.config.site.path, site.config.common.path, sites / "apps.txt"):
			found = site.files.stat(path)
			if found is None or found.owner == folder.owner:
				continue
			closed = not found.mode & 0o044
			yield (self.critical if closed else self.warning)(
				_("The bench's user {user} cannot read {file}: it belongs to {owner}.")
				if closed
				else _("The bench's user {user} cannot change {file}: it belongs to {owner}."),
				cause=_("It was probably written by a command that ran as {owner}, such as one with sudo."),
				remedy=_("Give it back: `sudo chown {user} {path}`. Run bench always as {user}."),
				subject=path.name,
				subjects=[("File", path.name)],
				**_evidence(found, folder),
			)


def _evidence(found: StoredFile, folder: StoredFile) -> dict[str, str]:
	return {
		"file": found.path.name,
		"path": str(found.path),
		"owner": user_name(found.owner),
		"user": user_name(folder.owner),
		"mode": f"{found.mode:o}",
	}
