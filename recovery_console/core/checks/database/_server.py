"""What the database server says about itself, for the checks of this family."""

from __future__ import annotations

import re
from typing import Any

from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

STATUS = """SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Threads_connected', 'Max_used_connections',
	'Connection_errors_max_connections', 'Innodb_deadlocks', 'Innodb_row_lock_waits',
	'Innodb_row_lock_current_waits', 'Innodb_buffer_pool_reads', 'Innodb_buffer_pool_read_requests')"""
_TITLES = {"mariadb": "MariaDB", "postgres": "PostgreSQL", "sqlite": "SQLite"}
_TABLE = re.compile(r"[`\"](tab[^`\"]{1,61})[`\"]")
GIB = 1024**3
MIB = 1024**2


def only_on(site: Site, *dialects: str) -> str:
	"""Return the site's dialect.

	Raises:
		NotApplicable: It is none of these.
	"""
	dialect = site.db.dialect
	if dialect not in dialects:
		raise NotApplicable(
			_("On {0} there is nothing of this kind to ask; it is a question for {1}.").format(
				_TITLES[dialect], ", ".join(_TITLES[name] for name in dialects)
			)
		)
	return dialect


def status(site: Site) -> dict[str, int]:
	"""Return MariaDB's counters since its start, for the whole server."""

	def read() -> dict[str, int]:
		return {row["Variable_name"]: int(row["Value"]) for row in site.db.sql(STATUS)}

	return site.remember("database.status", read)


def privileges(site: Site) -> frozenset[str]:
	"""Return what the site's MariaDB user may do on the whole server; mostly nothing."""

	def read() -> frozenset[str]:
		rows = site.db.sql("SELECT privilege_type AS p FROM information_schema.user_privileges")
		return frozenset(row["p"] for row in rows)

	return site.remember("database.privileges", read)


def name(site: Site) -> str:
	"""Return the name of the site's database."""
	return str(site.config.get("db_name"))


def console(site: Site) -> str:
	"""Return the command that opens a prompt of the database."""
	return f"bench --site {site.name} db-console"


def outline(statement: Any) -> str:
	"""Say what a statement does and to which tables, without its values."""
	text = str(statement or "").lstrip()
	verb = re.match(r"[A-Za-z]+", text)
	tables = list(dict.fromkeys(_TABLE.findall(text)))[:3]
	return " ".join([verb[0].upper() if verb else "?", ", ".join(tables)]).strip()


def mib(size: float) -> float:
	"""Return bytes as MiB."""
	return round(size / MIB, 1)
