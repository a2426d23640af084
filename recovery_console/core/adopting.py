"""Taking into the site what break-glass kept beside it."""

from __future__ import annotations

from recovery_console.core.errors import ConsoleError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.journal import look_at_seals
from recovery_console.core.site import Site
from recovery_console.core.site_journal import SiteJournal


def adopt_runs(site: Site) -> list[str]:
	"""Copy the runs of the journal beside a site into the site's own, entry by entry, those that it lacks.

	The files stay where they are: they are the original. A run whose journal is not whole is refused, and the others
	are taken in. Adopting twice changes nothing.

	Raises:
		ConsoleError: The site cannot keep records now, or a journal is not whole.
	"""
	if not SiteJournal.is_installed(site):
		raise ConsoleError(
			f"The console is not installed on {site.name}.",
			remedy=f"bench --site {site.name} install-app recovery_console, then adopt again.",
		)
	beside, inside = FileJournal(site.path), SiteJournal(site.bench, site.name)
	taken: list[str] = []
	broken: list[str] = []
	for run_id in reversed(beside.run_ids(most=10_000)):
		entries = beside.entries(run_id)
		last = inside.last(run_id)
		if not entries or (last is not None and last.number >= entries[-1].number):
			continue
		try:
			look_at_seals(run_id, entries)
		except ConsoleError as error:
			broken.append(error.message)
			continue
		inside.write(run_id, entries)
		taken.append(run_id)
	if broken:
		raise ConsoleError(
			" ".join(broken),
			remedy=f"Look at these files in {beside.folder}.",
			changed=f"{len(taken)} runs were taken in.",
		)
	return taken
