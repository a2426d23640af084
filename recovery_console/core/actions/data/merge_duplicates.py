"""Make one record of two that mean the same party."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Kinds of records that may be merged here, and where they are named most.
KINDS: dict[str, tuple[tuple[str, str], ...]] = {
	"Customer": (("Sales Invoice", "customer"), ("Sales Order", "customer"), ("Payment Entry", "party")),
	"Supplier": (
		("Purchase Invoice", "supplier"),
		("Purchase Order", "supplier"),
		("Payment Entry", "party"),
	),
	"Contact": (),
	"Address": (),
	"Lead": (),
}


@dataclass(frozen=True)
class MergeDuplicates(Action):
	"""Merge one record into another of the same kind, as Rename with *Merge with existing* does.

	All that names the one names the other afterwards, and the one is gone. This cannot be taken back.
	"""

	title = _("Merge two records into one")
	risk = Risk.DESTRUCTIVE
	checks = ("data.duplicate_parties",)
	time_limit: ClassVar[timedelta] = timedelta(minutes=30)

	doctype: str
	keep: str
	drop: str

	def plan(self, site: Site) -> Plan:
		if self.doctype not in KINDS or not site.has_doctype(self.doctype):
			raise UsageError(
				f"{self.doctype[:80]!r} is not merged here; nothing was changed.",
				remedy=f"Choose from: {', '.join(KINDS)}.",
			)
		if self.keep == self.drop:
			raise UsageError("The record to keep is the one to drop.", remedy="Name two different records.")
		known_names(site, self.doctype, [self.keep, self.drop])
		act = Act(
			_("merge into {0}").format(self.keep),
			self.doctype,
			self.drop,
			{"doctype": self.doctype, "keep": self.keep, "drop": self.drop},
			frappe=True,
		)
		return self.planned(
			site,
			_("Merge {drop} into {keep}"),
			[batch(self.doctype, self.drop, act)],
			warnings=[
				_(
					"Fields of {0} stay as they are; those of {1} are lost, except in the documents that name it."
				).format(self.keep, self.drop),
				_("Only a backup brings it back."),
			],
			keep=self.keep,
			drop=self.drop,
			named_in=self._named(site),
		)

	def _named(self, site: Site) -> dict[str, int]:
		"""Return how many documents of each kind would name the other one."""
		found = {}
		for doctype, field in KINDS[self.doctype]:
			if site.has_doctype(doctype, field):
				t = table(doctype)
				found[doctype] = site.db.count(site.db.from_(t).where(t[field] == self.drop))
		return found
