"""What starting again does with an import that did not get to its end."""

from __future__ import annotations

from typing import Any

from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Logged, Run
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: While fewer records are logged than the import has, a new start skips every logged row, failed ones too.
SKIPS = _(
	"Press {button} in {doctype} {name}: it goes on where it stopped. It skips every row in its log, also those"
	" that failed: {rows}. So press Retry once more when it is through; only then are these rows tried again."
)
GOES_ON = _("Press {button} in {doctype} {name}: it goes on where it stopped and skips the rows that are in.")


def advice(site: Site, run: Run, log: Logged) -> dict[str, Any]:
	"""Return remedy and evidence of an import that stopped before its end."""
	rows = imports.failed_rows(site, [run]).get(run.name, []) if log.failed else []
	return {
		"remedy": SKIPS if rows else GOES_ON,
		"subject": run.name,
		"subjects": [run.subject],
		"doctype": run.doctype,
		"name": run.name,
		"button": "Start Import" if run.status == "Pending" else "Retry",
		"into": run.into,
		"done": log.done,
		"failed": log.failed,
		"total": run.total,
		"left": None if run.total is None else max(run.total - log.records, 0),
		"rows": imports.shown(rows),
		"rows_skipped": rows[: imports.MOST_ROWS],
		"last_change": run.changed,
	}
