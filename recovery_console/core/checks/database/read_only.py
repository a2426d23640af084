"""May the site write to its database?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_MARIADB = """SELECT @@global.read_only AS read_only, @@global.innodb_read_only AS innodb_read_only,
	@@global.innodb_force_recovery AS force_recovery"""
_POSTGRES = """SELECT pg_is_in_recovery() AS standby, EXISTS (SELECT 1 FROM pg_db_role_setting s
	WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
	AND (s.setrole = 0 OR s.setrole = (SELECT oid FROM pg_roles WHERE rolname = current_user))
	AND 'default_transaction_read_only=on' = ANY (s.setconfig)) AS set_so"""
_EXEMPT = frozenset({"SUPER", "READ_ONLY ADMIN", "READ ONLY ADMIN"})


@dataclass(frozen=True)
class ReadOnly(Check):
	"""May the site write to its database, or does the server refuse every change?

	Cost: one statement of constant cost; nothing is written.
	"""

	title = _("Database takes changes")
	explained_by = ("host.disk",)

	def run(self, site: Site) -> Answer:
		reasons = list({"mariadb": _mariadb, "postgres": _postgres, "sqlite": _sqlite}[site.db.dialect](site))
		for reason, remedy in reasons:
			yield self._refused(site, reason, remedy)

	def _refused(self, site: Site, reason: str, remedy: str) -> Finding:
		return self.critical(
			_("The database refuses every change."),
			cause="{reason}",
			remedy=remedy,
			subject="rights" if site.db.dialect == "sqlite" else "server",
			subjects=[("Database", _server.name(site))],
			reason=reason,
			console=_server.console(site),
			database=_server.name(site),
			path=str(site.path / "db"),
		)


def _mariadb(site: Site) -> Iterator[tuple[str, str]]:
	row = site.db.sql(_MARIADB)[0]
	if int(row["force_recovery"]) >= 4 or row["innodb_read_only"]:
		yield (
			_(
				"MariaDB was started for rescue (innodb_force_recovery or innodb_read_only): it lets nothing be changed."
			),
			_(
				"Take a dump now. Then remove the setting from MariaDB's configuration and restart it; if it does not start"
				" without, restore the dump into a new server."
			),
		)
	elif int(row["read_only"]) and not _EXEMPT & _server.privileges(site):
		yield (
			_(
				"MariaDB runs with read_only on: this server is a copy of another, or someone is maintaining it."
			),
			_(
				"If db_host should name the main server, mend it in the configuration. If this is the main server, have its"
				" administrator run `SET GLOBAL read_only = 0;` and remove read_only from its configuration."
			),
		)


def _postgres(site: Site) -> Iterator[tuple[str, str]]:
	row = site.db.sql(_POSTGRES)[0]
	if row["standby"]:
		yield (
			_("This PostgreSQL server is a standby: it follows another server and takes no changes itself."),
			_(
				"Let db_host name the main server; if that one is gone for good, have the administrator promote this one."
			),
		)
	elif row["set_so"]:
		yield (
			_("The database, or its role, is set to default_transaction_read_only."),
			_(
				'Have its administrator run `ALTER DATABASE "{database}" RESET default_transaction_read_only;`'
			),
		)


def _sqlite(site: Site) -> Iterator[tuple[str, str]]:
	file = site.files.stat(site.path / "db" / f"{_server.name(site)}.db")
	folder = site.files.stat(site.path / "db")
	if any(found is not None and not found.mode & 0o222 for found in (file, folder)):
		yield (
			_(
				"Nobody has the right to write to the database's file, or to its folder, where SQLite keeps its log."
			),
			_("Give the bench's user the right back: `chmod -R u+w {path}`"),
		)
