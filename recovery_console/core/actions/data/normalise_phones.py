"""Take remarks out of telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.cached import document_cache, refreshed
from recovery_console.core.checks.data._rows import Place, places, recent
from recovery_console.core.checks.data.phone_format import PhoneFormat, is_phone
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_NUMBER = re.compile(r"\+?\(?\d[\d ().,/-]*\d")
#: A number within a house, which is no remark: without it the call goes elsewhere.
_EXTENSION = re.compile(
	r"(?:\b(?:ext|extension|tst|toestel|doorkies|dw|durchwahl|poste?)\b|\bx)[\s.:]*\d", re.IGNORECASE
)
#: So many digits at least make a number, and not a time or a house.
DIGITS = 8


def corrected(text: str) -> str:
	"""Return the one telephone number in a text; an empty text where there is none, or more than one."""
	found = [number for number in _NUMBER.findall(text) if sum(sign.isdigit() for sign in number) >= DIGITS]
	if len(found) != 1 or _EXTENSION.search(text):
		return ""
	number = found[0].strip(" .,/-")
	number = number if number.count("(") == number.count(")") else number.rstrip(" (").strip()
	return number if is_phone(number) else ""


@dataclass(frozen=True)
class NormalisePhones(Action):
	"""Leave the number in telephone fields that hold a number and a remark; the remark is in the record of the run.

	Fields without a number, with two, with an extension, or with too few digits are left for a person.
	"""

	title = _("Take remarks out of telephone numbers")
	risk = Risk.REVERSIBLE
	checks = ("data.phone_format",)

	window: timedelta = timedelta(days=90)
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for place in places(site, PhoneFormat.fields):
			for row in self._wrong(site, place):
				owner = (str(row.get("parenttype") or place.doctype), str(row.get("parent") or row["name"]))
				right = corrected(str(row[place.field]))
				if right:
					edit = changed(
						place.doctype, row, **{place.field: right}, modified=site.ago(timedelta(0))
					)
					batches.append(batch(*owner, *refreshed(document_cache(site, *owner), edit)))
				else:
					why = _("There is not exactly one number in it: ask the person.")
					left_out.append(LeftOut(Subject(*owner), why))
		return self.planned(
			site,
			_("Telephone numbers to take remarks out of: {count}"),
			batches,
			most=self.most,
			warnings=[_("The remarks go: note what matters, such as hours, in another field first.")]
			if batches
			else (),
			left_out=left_out[:SHOWN],
		)

	def _wrong(self, site: Site, place: Place) -> Iterator[dict[str, Any]]:
		t = place.table
		child = ["parent", "parenttype"] if site.has_doctype(place.doctype, "parent", "parenttype") else []
		columns = [t[name] for name in ("name", "modified", place.field, *child)]
		query = site.db.from_(t).select(*columns).where(recent(site, t, self.window) & (t[place.field] != ""))
		for row in site.db.run(query.orderby(t["name"]).limit(PhoneFormat.at_most)):
			if not is_phone(str(row[place.field])):
				yield row
