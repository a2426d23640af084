"""What holds for all runs of a site: the kill switch, and where runs are kept."""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.file_journal import FOLDER
from recovery_console.core.site import Site

SETTINGS = "Recovery Settings"
#: Child table of Recovery Settings: what a site decides about a runbook.
RUNBOOK_SETTING = "Recovery Runbook Setting"
#: A file of this name in the console's folder of the site stops every repair, whatever else works.
STOP = FOLDER / "STOP"


def kill_switch(site: Site, runbook_id: str) -> str:
	"""Return why no repair may be made now; empty where nothing forbids it.

	The file ``STOP`` stops every repair. So does Recovery Settings, for all runbooks or for one. While the database
	does not answer only the file is asked: a recovery must not need what it repairs.
	"""
	stop = site.path / STOP
	if stop.exists():
		return f"Repairs are switched off by the file {stop}."
	try:
		if site.single_int(SETTINGS, "repairs_disabled"):
			return "Repairs are switched off in Recovery Settings."
		if is_disabled(site, runbook_id):
			return f"The runbook {runbook_id} is switched off in Recovery Settings."
	except SourceUnavailable:
		return ""
	return ""


def is_disabled(site: Site, runbook_id: str) -> bool:
	"""Tell whether Recovery Settings switch a runbook off.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(RUNBOOK_SETTING, "runbook", "disabled"):
		return False
	t = table(RUNBOOK_SETTING)
	chosen = (t["runbook"] == runbook_id) & (t["disabled"] == 1)
	return bool(site.db.count(site.db.from_(t).where(chosen)))
