"""Do the site's files belong to the bench's user?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.backends.files import StoredFile, user_name
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.storage._recent import recent
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_FOLDERS = ("public", "public/files", "private", "private/files", "private/backups", "locks", "logs")
_OWNER_READS = 0o400


@dataclass(frozen=True)
class Owners(Check):
	"""Do the site's folders, logs and latest files belong to the bench's user, and can that user read them?

	Cost: the rights of seven folders, the logs, and the files attached of late, at most ``most`` of each.
	"""

	title = _("Owners of the site's files")

	window: timedelta = timedelta(days=30)
	most: int = 2000

	def run(self, site: Site) -> Answer:
		sites = site.files.stat(site.bench / "sites")
		if sites is None:
			return
		found = list(self.looked_at(site))
		foreign = [file for file in found if file.owner != sites.owner]
		closed = [file for file in found if file.owner == sites.owner and not file.mode & _OWNER_READS]
		if foreign:
			yield self.warning(
				_("Files and folders that do not belong to the bench's user {user}: {count}."),
				cause=_(
					"They belong to {owners}: a command ran as that user, such as bench with sudo, or a restore unpacked"
					" them. Frappe then answers Permission denied when it writes there."
				),
				remedy=_("Give them back: `sudo chown -R {user}: {site_folder} {logs}`."),
				subject="foreign",
				subjects=[("File", _short(site, file)) for file in foreign],
				user=user_name(sites.owner),
				owners=", ".join(sorted({user_name(file.owner) for file in foreign})),
				site_folder=str(site.path),
				logs=str(site.bench / "logs"),
			)
		if closed:
			yield self.warning(
				_("Files that the bench's user {user} may not read: {count}."),
				cause=_(
					"Their rights deny it to their own owner. Who opens one gets an error; backups fail."
				),
				remedy=_("Open them: `chmod u+rw` with the path of each file named."),
				subject="closed",
				subjects=[("File", _short(site, file)) for file in closed],
				user=user_name(sites.owner),
			)

	def looked_at(self, site: Site) -> Iterator[StoredFile]:
		"""Yield the folders, logs and files whose owners and rights count."""
		for name in _FOLDERS:
			folder = site.files.stat(name)
			if folder is not None:
				yield folder
		for logs in (site.path / "logs", site.bench / "logs"):
			if site.files.exists(logs):
				yield from site.files.list(logs, "*.log")[: self.most]
		try:
			attached = recent(site, self.window, self.most) if site.has_doctype("File") else []
		except SourceUnavailable:
			return  # rights can be told without the database, and must be when it is down
		yield from (file.stored for file in attached if file.stored is not None)


def _short(site: Site, file: StoredFile) -> str:
	return str(file.path).removeprefix(f"{site.path}/").removeprefix(f"{site.bench}/")
