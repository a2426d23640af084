"""Take the file of a batch out of reach, so that nobody hands it in."""

from __future__ import annotations

from pathlib import PurePosixPath

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.edits import FileMove
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Where a file waits, below the site's private files.
FOLDER = "held"


@dataclass(frozen=True)
class HoldBatch(Action):
	"""Move the collection file of named batches aside, so that nobody hands it in; undoing this puts it back.

	What a person has on another machine already, or has uploaded to the bank, is not reached.
	"""

	title = _("Hold back the file of a batch")
	risk = Risk.REVERSIBLE
	checks = ()
	resources = ("sepa", "files")

	names: tuple[str, ...]

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for profile in profiles_with(site, "batch.status", "batch.file"):
			doctype, source = profile["batch"].doctype, profile["batch"].source("b")
			names = list(known_names(site, doctype, self.names))
			query = source.start(site.db).where(source["id"].isin(names)).orderby(source["id"])
			for row in site.db.run(query.select(*source.pick("id", "status", "file"))):
				name, status = str(row["id"]), profile["batch"].logical(row["status"])
				why = "" if status in ("draft", "file_made", "failed") else _("It counts as sent or done.")
				move = None if why else _aside(site, str(row["file"] or ""))
				if move:
					batches.append(batch(doctype, name, move))
				else:
					left_out.append(
						LeftOut(
							Subject(doctype, name),
							why or _("It has no file among this site's private files."),
						)
					)
		return self.planned(
			site,
			_("Batches whose file is to be moved aside: {count}"),
			batches,
			warnings=[
				_("Until this is undone the file cannot be opened from the batch, and counts as missing."),
				_("Whoever has the file already must be told not to hand it in."),
			],
			left_out=left_out,
		)


def _aside(site: Site, url: str) -> FileMove | None:
	"""Return the move of a private file into the folder of held ones; None where there is no such file."""
	parts = PurePosixPath(url).parts
	if len(parts) != 4 or parts[:3] != ("/", "private", "files") or parts[3] in ("..", FOLDER):
		return None
	folder = PurePosixPath("sites") / site.name / "private" / "files"
	try:
		there = site.files.stat(f"private/files/{parts[3]}")
	except SourceUnavailable:
		return None
	return FileMove(str(folder / parts[3]), str(folder / FOLDER / parts[3])) if there else None
