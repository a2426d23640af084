"""Give tables the collation of the rest."""

from __future__ import annotations

from collections import Counter

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.database._statements import LONG, patient, quoted
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import StoredTable, tables
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

_COLLATION = """SELECT table_collation AS collation FROM information_schema.tables
	WHERE table_schema = DATABASE() AND table_name = %(t)s"""


@dataclass(frozen=True)
class ConvertCollation(Action):
	"""Give tables the character set and collation that most tables of the site have, if that is a utf8mb4 one."""

	title = _("Give tables the same collation")
	risk = Risk.DISRUPTIVE
	checks = ("database.collations",)
	time_limit = LONG
	batch_size = 1

	#: Names of tables, such as tabCustomer; without, all that the finding names.
	tables: tuple[str, ...] = ()
	most: int = 50

	def plan(self, site: Site) -> Plan:
		_server.only_on(site, "mariadb")
		own = [found for found in tables(site) if found.name.startswith("tab") and found.collation]
		usual = _target(own)
		other = {found.name: found for found in own if found.collation != usual}
		batches = []
		for found in only_named(
			self.id, self.tables, other, _("table with another collation than {0}").format(usual)
		):
			quoted("mariadb", found.name)
			act = Act(_("collation"), "Table", found.name, {"to": usual})
			batches.append(batch("Table", found.name, act, why=_("{0} now").format(found.collation)))
		return self.planned(
			site,
			_("Tables to convert to {collation}: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"Each table is written anew: it needs as much free disk space again, and nobody can change it meanwhile."
				),
				_(
					"Where the new collation takes two names for the same that the old one told apart, the conversion of that"
					" table is refused and nothing of it changes."
				),
			]
			if batches
			else [],
			collation=usual,
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		collation = str(act.arguments["to"])
		name, usual = quoted("mariadb", act.name), quoted("mariadb", collation).strip("`")
		with patient(site, self.time_limit) as database:
			database.sql(f"ALTER TABLE {name} CONVERT TO CHARACTER SET utf8mb4 COLLATE {usual}")
		return _("Converted to {0}.").format(collation)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		rows = site.writer.sql(_COLLATION, {"t": act.name})
		return bool(rows) and rows[0]["collation"] == act.arguments["to"]


def _target(own: list[StoredTable]) -> str:
	usual = Counter(found.collation for found in own).most_common(1)
	return usual[0][0] if usual and usual[0][0].startswith("utf8mb4") else "utf8mb4_unicode_ci"
