"""Reading ahead: what the database takes longest to tell is asked for while the checks' files are still being loaded."""

from __future__ import annotations

import contextlib
import threading

from recovery_console.core.checks.database._expected import expected
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.report import learn_whole
from recovery_console.core.site import Site


def read_ahead(site: Site) -> None:
	"""Begin to read what a whole diagnosis needs of the catalogue; who needs it meanwhile waits for it.

	What cannot be read is left to the checks, which say so.
	"""
	threading.Thread(target=_read, args=(site.view(),), daemon=True, name="recovery-console-ahead").start()


def _read(view: Site) -> None:
	try:
		for part in (learn_whole, expected, tables):
			with contextlib.suppress(Exception):  # each check that needs it tries by itself, and tells
				part(view)
	finally:
		view.release()
