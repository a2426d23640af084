"""Take out of e-mail addresses what does not belong there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.cached import document_cache, refreshed
from recovery_console.core.checks.data._rows import Place, places, recent
from recovery_console.core.checks.data.email_format import EmailFormat
from recovery_console.core.edits import Edit
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed, rows_named
from recovery_console.core.site import Site

#: What no mailbox looks like; a stricter look than the one of the check, on single addresses.
ADDRESS = re.compile(r"[^\s@<>,;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_EDGES = " \t\r\n\u00a0\u200b\ufeff.,;:<>()[]\"'"
#: The column of a record that repeats the address of one of its rows.
COPIES = {"Contact": "email_id"}


def corrected(text: str, *, likely: bool) -> str:
	"""Return the one address that a text means; an empty text where that is not certain.

	Certain is what stands around an address: blanks, brackets, a stray dot at its end. With ``likely`` doubled dots
	become one, and a dot before the domain goes.
	"""
	found = re.search(r"<([^<>]+)>\s*$", text)
	address = (found[1] if found else text).strip(_EDGES)
	address = address.removeprefix("mailto:").strip(_EDGES)
	if likely:
		address = re.sub(r"\.\.+", ".", address).replace("@.", "@").replace(".@", "@")
	local, _at, domain = address.partition("@")
	wrong = ".." in address or local.startswith(".") or local.endswith(".") or domain.startswith(".")
	return address if ADDRESS.fullmatch(address) and not wrong else ""


@dataclass(frozen=True)
class NormaliseEmails(Action):
	"""Take blanks, brackets and stray dots out of e-mail addresses, where one address is certainly meant.

	Two addresses in one field, a missing domain and the like are left for a person. With ``likely`` doubled dots and
	a dot before the domain go, too: the address that comes out is likely, not certain.
	"""

	title = _("Clean e-mail addresses")
	risk = Risk.REVERSIBLE
	checks = ("data.email_format",)

	likely: bool = False
	window: timedelta = timedelta(days=90)
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for place in places(site, EmailFormat.fields):
			for row in self._malformed(site, place):
				self._look(site, place, row, batches, left_out)
		return self.planned(
			site,
			_("E-mail addresses to correct: {count}"),
			batches,
			most=self.most,
			warnings=[_("A doubled dot may stand for a letter: look at each of these addresses.")]
			if self.likely and batches
			else (),
			left_out=left_out[:SHOWN],
		)

	def _malformed(self, site: Site, place: Place) -> Iterator[dict[str, Any]]:
		t = place.table
		child = ["parent", "parenttype"] if site.has_doctype(place.doctype, "parent", "parenttype") else []
		columns = [t[name] for name in ("name", "modified", place.field, *child)]
		query = site.db.from_(t).select(*columns).where(recent(site, t, self.window) & (t[place.field] != ""))
		address = t[place.field]
		wrong = address.not_like("_%@_%._%")
		for pattern in ("% %", "%,%", "%;%", "%..%", "%@%@%", "%.", "%@.%", ".%", "%<%"):
			wrong = wrong | address.like(pattern)
		yield from site.db.run(query.where(wrong).orderby(t["name"]).limit(self.most * 2))

	def _look(
		self, site: Site, place: Place, row: dict[str, Any], batches: list[Batch], left_out: list[LeftOut]
	) -> None:
		owner = (str(row.get("parenttype") or place.doctype), str(row.get("parent") or row["name"]))
		text = str(row[place.field])
		right = corrected(text, likely=self.likely)
		if place.doctype == "User":
			if row["name"] not in ("Administrator", "Guest"):
				left_out.append(
					LeftOut(Subject(*owner), _("A user is named by the address: rename the user."))
				)
		elif not right or right == text:
			why = _("Which address is meant is not certain: ask the person.")
			left_out.append(LeftOut(Subject(*owner), why))
		else:
			now = site.ago(timedelta(0))
			edits: list[Edit] = [changed(place.doctype, row, **{place.field: right}, modified=now)]
			edits += self._copy(site, owner, text, right)
			batches.append(batch(*owner, *refreshed(document_cache(site, *owner), *edits)))

	@staticmethod
	def _copy(site: Site, owner: tuple[str, str], text: str, right: str) -> list[Edit]:
		"""Return the edit of the record that repeats the address of its row."""
		column = COPIES.get(owner[0])
		if not column or not site.has_doctype(owner[0], column):
			return []
		now = site.ago(timedelta(0))
		return [
			changed(owner[0], row, **{column: right}, modified=now)
			for row in rows_named(site, owner[0], [owner[1]], [column, "modified"])
			if row[column] == text
		]
