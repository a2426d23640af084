"""Move files to the side, public or private, that their document says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.storage._paths import relative
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.storage._recent import Attached, recent
from recovery_console.core.edits import Edit, FileMove
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_COLUMNS = (
	"name",
	"file_url",
	"is_private",
	"modified",
	"attached_to_doctype",
	"attached_to_name",
	"attached_to_field",
)


@dataclass(frozen=True)
class MoveToRightSide(Action):
	"""Move files that are marked private and lie among the public ones to the private side, with all that names them.

	That is their File documents and the field that they are attached by. A file marked public that lies among the
	private ones is marked private: the console never makes a file public.
	"""

	title = _("Make private files private")
	risk = Risk.REVERSIBLE
	needs = ("File",)
	checks = ("storage.wrong_side",)

	#: Names of File documents; without, all that the finding names.
	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=30)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		files = {
			file.name: file
			for file in recent(site, self.window, 20_000)
			if file.is_private != file.in_private and file.stored is not None
		}
		chosen = only_named(self.id, self.names, files, _("File on the wrong side"))
		taken: list[str] = []
		batches = list(self._batches(site, chosen, taken))
		return self.planned(
			site,
			_("Files to put on the side that is safe: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"A text, a website or a mail that links to the old address no longer shows the file: that is meant."
				)
			]
			if batches
			else [],
			left_out=left_alone(
				"File", taken, _("Another file has its name on the private side, or uses it as a public one.")
			),
		)

	def _batches(self, site: Site, chosen: list[Attached], taken: list[str]) -> Iterator[Batch]:
		urls = [file.url for file in chosen]
		same: dict[str, list[dict[str, Any]]] = {}
		t = table("File")
		for start in range(0, len(urls), 500):
			query = site.db.from_(t).select(*[t[name] for name in _COLUMNS])
			for row in site.db.run(
				query.where(t.file_url.isin(urls[start : start + 500])).orderby(t["name"])
			):
				same.setdefault(str(row["file_url"]), []).append(row)
		done: set[str] = set()
		for file in chosen:
			rows = same.get(file.url, [])
			if file.url in done:
				continue
			if file.in_private:
				yield self._marked(site, next(row for row in rows if row["name"] == file.name))
				continue
			done.add(file.url)
			edits = self._moved(site, file, rows)
			if edits is None:
				taken.append(file.name)
			else:
				yield batch("File", file.name, *edits)

	@staticmethod
	def _marked(site: Site, row: dict[str, Any]) -> Batch:
		edit = changed("File", row, is_private=1, modified=site.ago(timedelta(0)))
		return batch("File", row["name"], edit, why=_("marked private, as it lies"))

	def _moved(self, site: Site, file: Attached, rows: list[dict[str, Any]]) -> list[Edit] | None:
		assert file.stored is not None  # noqa: S101 (those that are gone were left out)
		public = site.path / "public" / "files"
		to = site.path / "private" / "files" / file.stored.path.relative_to(public)
		if site.files.exists(to) or any(not row["is_private"] for row in rows):
			return None
		url = "/private" + file.url
		now = site.ago(timedelta(0))
		edits: list[Edit] = [FileMove(relative(site, file.stored.path), relative(site, to))]
		for row in rows:
			edits.append(changed("File", row, file_url=url, modified=now))
			edits += self._field(site, row, file.url, url)
		return edits

	@staticmethod
	def _field(site: Site, row: dict[str, Any], old: str, new: str) -> Iterator[Edit]:
		"""Yield the change of the field that a file is attached by, where it still names the old address."""
		doctype, name, field = (
			str(row[f"attached_to_{part}"] or "") for part in ("doctype", "name", "field")
		)
		if not (doctype and name and field) or not site.has_doctype(doctype, field):
			return
		t = table(doctype)
		query = site.db.from_(t).select(t["name"], t[field])
		for found in site.db.run(query.where((t["name"] == name) & (t[field] == old))):
			yield changed(doctype, found, **{field: new})
