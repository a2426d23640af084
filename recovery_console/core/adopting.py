"""Taking into the site what break-glass kept beside it."""

from __future__ import annotations

from recovery_console.core.errors import ConsoleError
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.journal import LockedError, look_at_seals
from recovery_console.core.site import Site
from recovery_console.core.site_journal import SiteJournal


def adopt_runs(site: Site) -> list[str]:
	"""Copy the runs of the journal beside a site into the site's own, entry by entry, those that it lacks.

	From then on the site keeps them. The files stay where they are, as the original, but grow no more: whoever was at
	work with one is told to go on in the site. A run that somebody is at work on is left for the next time; one whose
	journal is not whole is refused, and the others are taken in. Adopting twice changes nothing.

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
		try:
			with beside.lock([f"run {run_id}"], run_id):
				if _adopt(run_id, beside, inside):
					taken.append(run_id)
		except LockedError:
			continue
		except ConsoleError as error:
			broken.append(error.message)
	if broken:
		raise ConsoleError(
			" ".join(broken),
			remedy=f"Look at these files in {beside.folder}.",
			changed=f"{len(taken)} runs were taken in.",
		)
	return taken


def _adopt(run_id: str, beside: FileJournal, inside: SiteJournal) -> bool:
	entries = beside.entries(run_id)
	last = inside.last(run_id)
	if not entries:
		return False
	if last is not None and last.number >= entries[-1].number:
		if not beside.is_taken(run_id) and last.seal == entries[-1].seal:
			beside.mark_taken(run_id)  # whoever took it in was killed before
		return False
	look_at_seals(run_id, entries)
	there = inside.entries(run_id)
	if [entry.seal for entry in there] != [entry.seal for entry in entries[: len(there)]]:
		raise ConsoleError(
			f"The site has another run {run_id} than the journal beside it.",
			remedy="Compare the two by hand.",
		)
	inside.write(run_id, entries)
	beside.mark_taken(run_id)
	return True
