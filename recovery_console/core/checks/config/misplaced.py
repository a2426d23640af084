"""Are there secrets in the file that all sites share?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

OF_ONE_SITE = ("admin_password", "backup_encryption_key", "db_name", "db_password", "encryption_key")
OF_THE_SERVER = ("root_password", "mariadb_root_password", "postgres_root_password")


@dataclass(frozen=True)
class Misplaced(Check):
	"""Does common_site_config.json hold what belongs to one site, or the database server's root password?

	Cost: none; the file was read when the site was opened.
	"""

	title = _("Secrets in the wrong file")

	def run(self, site: Site) -> Answer:
		common = site.config.common.values
		found = [key for key in OF_ONE_SITE if common.get(key)]
		if found:
			yield self.warning(
				_("common_site_config.json holds what belongs to one site: {keys}."),
				cause=_(
					"All sites of the bench share this file. A site without its own value uses this one: another"
					" site's database, or a key with which another site's passwords were locked."
				),
				remedy=_(
					"Move each of these keys into the site_config.json of the site that it belongs to, and make sure"
					" that it is in that site's backup of the configuration."
				),
				subject="site",
				subjects=[("Setting", key) for key in found],
				keys=", ".join(found),
			)
		root = [key for key in OF_THE_SERVER if common.get(key)]
		if root:
			yield self.info(
				_("common_site_config.json holds the root password of the database server."),
				cause=_(
					"It spares typing when sites are made or restored. Who reads it can read and delete every database"
					" of that server."
				),
				remedy=_("On a server in use take it out, and let bench ask for it when it is needed."),
				subject="root",
				subjects=[("Setting", key) for key in root],
			)
