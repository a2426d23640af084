"""Do tables sort and compare texts differently?"""

from __future__ import annotations

from collections import Counter

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Collations(Check):
	"""Do some tables have another character set or collation than the rest of the site?

	Cost: the list of tables, read once for all checks.
	"""

	title = _("Character sets")

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "mariadb")
		own = [found for found in tables(site) if found.name.startswith("tab") and found.collation]
		if not own:
			return
		usual = Counter(found.collation for found in own).most_common(1)[0][0]
		other = [found for found in own if found.collation != usual]
		yield self.measure(tables_other_collation=len(other))
		if other:
			yield self.warning(
				_("Tables with another character set or collation than the rest: {count}."),
				cause=_(
					"The site uses {usual}, these use {others}. A query that compares texts of both ends in 'Illegal mix of"
					" collations', and utf8mb3 cannot store every character. Mostly a restored dump of an older server."
				),
				remedy=_(
					"Take a backup, then outside working hours in `{console}` for each table, such as the first:"
					" `ALTER TABLE `{first}` CONVERT TO CHARACTER SET utf8mb4 COLLATE {target};`"
				),
				subject="tables",
				subjects=[("Table", found.name) for found in other],
				usual=usual,
				others=", ".join(sorted({found.collation for found in other})),
				first=other[0].name,
				target=usual if usual.startswith("utf8mb4") else "utf8mb4_unicode_ci",
				console=_server.console(site),
			)
		if not usual.startswith("utf8mb4"):
			yield self.warning(
				_("The site's tables use {usual}, which cannot store every character."),
				cause=_("Frappe expects utf8mb4; with the older set, a text with an emoji cannot be saved."),
				remedy=_("Have the database converted to utf8mb4_unicode_ci, after a backup."),
				subject="usual",
				subjects=[("Database", _server.name(site))],
				usual=usual,
			)
