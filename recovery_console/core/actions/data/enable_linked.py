"""Enable a record again that drafts need."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Kinds that drafts name and that can be switched off: by which field, and with what value they are on.
SWITCHES = {
	"Customer": ("disabled", 0),
	"Supplier": ("disabled", 0),
	"Item": ("disabled", 0),
	"Bank Account": ("disabled", 0),
	"Mode of Payment": ("enabled", 1),
}


@dataclass(frozen=True)
class EnableLinked(Action):
	"""Enable named customers, suppliers, items, bank accounts or ways to pay, so that drafts with them can be submitted."""

	title = _("Enable a record that drafts need")
	risk = Risk.DISRUPTIVE  # money can go to whom somebody had disabled
	checks = ("data.disabled_links",)

	doctype: str
	names: tuple[str, ...]

	def plan(self, site: Site) -> Plan:
		if self.doctype not in SWITCHES or not site.has_doctype(self.doctype):
			raise UsageError(
				f"{self.doctype[:80]!r} is not enabled here; nothing was changed.",
				remedy=f"Choose from: {', '.join(SWITCHES)}.",
			)
		field, on = SWITCHES[self.doctype]
		t = table(self.doctype)
		names = list(known_names(site, self.doctype, self.names))
		rows = site.db.run(
			site.db.from_(t).select(t["name"], t[field]).where(t["name"].isin(names)).orderby(t["name"])
		)
		return self.planned(
			site,
			_("Records of {doctype} to enable: {count}"),
			[
				batch(
					self.doctype,
					row["name"],
					DocumentEdit(self.doctype, str(row["name"]), "save", {field: row[field]}, {field: on}),
				)
				for row in rows
				if int(row[field] or 0) != on
			],
			warnings=[_("It may have been disabled for a reason: ask who did it.")],
			left_out=[
				LeftOut(Subject(self.doctype, str(row["name"])), _("It is enabled."))
				for row in rows
				if int(row[field] or 0) == on
			],
			doctype=self.doctype,
		)
