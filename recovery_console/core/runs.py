"""What holds for all runs of a site: the kill switch, and where runs are kept."""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.file_journal import FOLDER
from recovery_console.core.site import Site

SETTINGS = "Recovery Settings"
RUNBOOK = "Runbook"
#: Child table of Recovery Settings.
AUTOMATIC = "Automatic Runbook"
#: A file of this name in the console's folder of the site stops every repair, whatever else works.
STOP = FOLDER / "STOP"


def kill_switch(site: Site, runbook_id: str) -> str:
	"""Return why no repair may be made now; empty where nothing forbids it.

	The file ``STOP`` stops every repair, and so does the switch in Recovery Settings; a runbook can be switched off by
	itself. While the database does not answer only the file is asked: a recovery must not need what it repairs.
	"""
	stop = site.path / STOP
	if stop.exists():
		return f"Repairs are switched off by the file {stop}."
	try:
		if site.single_int(SETTINGS, "repairs_stopped"):
			return "Repairs are switched off in Recovery Settings."
		if is_disabled(site, runbook_id):
			return f"The runbook {runbook_id} is switched off on its page in Desk."
	except SourceUnavailable:
		return ""
	return ""


def is_disabled(site: Site, runbook_id: str) -> bool:
	"""Tell whether a site has switched a runbook off in Desk.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(RUNBOOK, "enabled"):
		return False
	t = table(RUNBOOK)
	chosen = (t["name"] == runbook_id) & (t["enabled"] == 0)
	return bool(site.db.count(site.db.from_(t).where(chosen)))


def automatic_runbooks(site: Site) -> dict[str, int]:
	"""Return the runbooks that a site lets run by themselves, and how often a day each may.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(AUTOMATIC, "runbook", "most_per_day"):
		return {}
	t = table(AUTOMATIC)
	rows = site.db.run(site.db.from_(t).select(t["runbook"], t["most_per_day"]).limit(500))
	return {str(row["runbook"]): int(row["most_per_day"] or 0) for row in rows}


def own_runbooks(site: Site) -> dict[str, str]:
	"""Return the definitions of the runbooks that a site wrote itself, by id.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(RUNBOOK, "definition", "is_standard", "enabled"):
		return {}
	t = table(RUNBOOK)
	mine = (t["is_standard"] == 0) & (t["enabled"] == 1)
	rows = site.db.run(site.db.from_(t).select(t["name"], t["definition"]).where(mine).limit(500))
	return {str(row["name"]): str(row["definition"] or "") for row in rows}
