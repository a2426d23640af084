"""Are the folders there that a site writes to?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Folder in the site: what fails without it.
_OF_THE_SITE = {
	"public/files": _("public uploads"),
	"private/files": _("private uploads and attachments"),
	"locks": _("migrations, locks of documents and every job that must run alone"),
	"logs": _("logs"),
}
_OWNER_WRITES = 0o300


@dataclass(frozen=True)
class Folders(Check):
	"""Are all folders there that the site and the bench write to, and may their owner write?

	Cost: the rights of five folders.
	"""

	title = _("Folders of the site")

	def run(self, site: Site) -> Answer:
		wanted = wanted_folders(site)
		gone = [path for path in wanted if site.files.stat(path) is None]
		closed = [
			path
			for path in wanted
			if (found := site.files.stat(path)) and found.mode & _OWNER_WRITES != _OWNER_WRITES
		]
		if gone:
			yield self.critical(
				_("Folders that are missing: {count}. First: {first}."),
				cause=_(
					"Without it these fail: {what}. It was lost in a move or a restore, or cleaned away."
				),
				remedy=_(
					"As the bench's user, make it again: `mkdir -p {first}`. Bring its files back from a backup."
				),
				subject="missing",
				subjects=[("Folder", self._short(site, path)) for path in gone],
				first=gone[0],
				what=", ".join(wanted[path] for path in gone),
			)
		if closed:
			yield self.critical(
				_("Folders that their owner may not write to: {count}. First: {first}."),
				cause=_("These fail: {what}."),
				remedy=_("As the bench's user, open it: `chmod u+rwx {first}`."),
				subject="closed",
				subjects=[("Folder", self._short(site, path)) for path in closed],
				first=closed[0],
				what=", ".join(wanted[path] for path in closed),
			)

	@staticmethod
	def _short(site: Site, path: str) -> str:
		return path.removeprefix(f"{site.path}/").removeprefix(f"{site.bench}/")


def wanted_folders(site: Site) -> dict[str, str]:
	"""Return the folders that must be there, and what fails without each."""
	return {
		**{str(site.path / name): what for name, what in _OF_THE_SITE.items()},
		str(site.bench / "logs"): _("logs of the bench"),
	}
