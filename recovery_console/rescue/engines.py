"""The engine of a site, as break-glass has it: what works without Frappe."""

from __future__ import annotations

from recovery_console.core.engine import Engine
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.extensions import actions_for, runbooks_for
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.journal import Journal
from recovery_console.core.site import open_site
from recovery_console.core.site_journal import SiteJournal
from recovery_console.core.writable import Documents, open_writable


def break_glass_engine(bench: str, name: str, documents: Documents | None = None) -> Engine:
	"""Return the engine of a site.

	Its runs are kept in the site; while the site's database does not answer, or where the console is not installed on
	the site, beside it.

	Args:
		bench: Folder of the bench.
		name: Name of the site.
		documents: Frappe's document model, inside a site.
	"""
	with open_site(bench, name) as site:
		actions = actions_for(site)
		runbooks = runbooks_for(site, actions)
		journal: Journal = FileJournal(site.path)
		try:
			if SiteJournal.is_installed(site):
				journal = SiteJournal(bench, name)
		except SourceUnavailable:
			pass  # the run is kept beside the site, and `adopt` takes it in later
	return Engine(lambda: open_writable(bench, name, documents=documents), journal, actions, runbooks)
