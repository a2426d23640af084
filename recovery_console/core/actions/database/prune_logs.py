"""Delete old rows of log tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Act
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

#: Log tables whose old rows Frappe lets go by deleting the rows, and nothing else; children by their parent's name.
PRUNED: dict[str, tuple[str, ...]] = {
	"Error Log": (),
	"Activity Log": (),
	"Scheduled Job Log": (),
	"Route History": (),
	"Webhook Request Log": (),
	"Integration Request": (),
	"Submission Queue": (),
	"Unhandled Email": (),
	"Notification Log": (),
	"View Log": (),
	"Access Log": (),
	"Deleted Document": (),
	"Web Page View": (),
	"Email Queue": ("Email Queue Recipient",),
}
_PAGE = 1_000
_TIME = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True)
class PruneLogs(Action):
	"""Delete the rows of log tables that are older than Log Settings keep them, for good.

	Only tables that Log Settings name, after as many days as they say; also when the nightly clean-up does not run.
	"""

	title = _("Delete old log rows")
	risk = Risk.DESTRUCTIVE
	needs = ("Logs To Clear",)
	checks = ("database.log_tables",)
	time_limit = timedelta(minutes=15)
	batch_size = 1

	#: Only these DocTypes; without, all that Log Settings name.
	doctypes: tuple[str, ...] = ()
	#: Rows that go in one step, in pieces of a thousand; the next run takes the rest.
	rows: int = 50_000
	most: int = 20

	def plan(self, site: Site) -> Plan:
		kept = self._kept(site)
		usable = {name: days for name, days in kept.items() if name in PRUNED and site.has_doctype(name)}
		chosen = only_named(
			self.id,
			self.doctypes,
			{name: name for name in usable},
			_("log that Log Settings keep for a time"),
		)
		batches = [found for name in chosen for found in self._batch(site, name, usable[name])]
		total = sum(
			int(edit.arguments["rows"]) for item in batches for edit in item.edits if isinstance(edit, Act)
		)
		return self.planned(
			site,
			_("Old rows to delete: {rows}; logs: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"They are gone for good: export what somebody may still ask for first. The disk gets no room back"
				)
				+ _(" until the tables are written anew.")
			]
			if batches
			else [],
			left_out=list(self._left_out(site, kept)),
			rows=total,
		)

	@staticmethod
	def _kept(site: Site) -> dict[str, int]:
		t = table("Logs To Clear")
		query = site.db.from_(t).select(t.ref_doctype, t.days).where(t.parent == "Log Settings")
		rows = site.db.run(query.orderby(t.idx))
		return {str(row["ref_doctype"]): int(row["days"]) for row in rows if int(row["days"] or 0) > 0}

	def _batch(self, site: Site, doctype: str, days: int) -> Iterator[Batch]:
		before = site.ago(timedelta(days=days))
		count = site.db.count(_older(site.db, doctype, site.frappe_major, before))
		if count > self.rows:
			# An exact bound, so that a run that is taken up again deletes no more than was planned.
			before = self._bound(site, doctype, before)
			count = site.db.count(_older(site.db, doctype, site.frappe_major, before))
		if count:
			arguments = {"before": before.strftime(_TIME), "days": days, "rows": count}
			act = Act(_("rows older than {0} days").format(days), "DocType", doctype, arguments)
			yield batch("DocType", doctype, act, why=_("Rows: {0}").format(count))

	def _bound(self, site: Site, doctype: str, before: datetime) -> datetime:
		column = table(doctype)[_column(site.frappe_major)]
		query = _older(site.db, doctype, site.frappe_major, before).select(column)
		last = site.moment(site.db.value(query.orderby(column).limit(1).offset(self.rows - 1)))
		return before if last is None else site.db_time(last) + timedelta(microseconds=1)

	@staticmethod
	def _left_out(site: Site, kept: dict[str, int]) -> Iterator[LeftOut]:
		for name in PRUNED:
			if name not in kept and site.has_doctype(name):
				yield LeftOut(Subject("DocType", name), _("Log Settings do not say how long it is kept."))
		for name in kept:
			if name not in PRUNED:
				yield LeftOut(
					Subject("DocType", name),
					_("More than rows belongs to it: Frappe's nightly clean-up takes care."),
				)

	def perform(self, site: WritableSite, act: Act) -> str:
		database = site.writer
		before = datetime.strptime(str(act.arguments["before"]), _TIME)
		column = table(act.name)[_column(site.frappe_major)]
		query = _older(database, act.name, site.frappe_major, before).select(table(act.name)["name"])
		gone = 0
		while found := database.run(query.orderby(column).limit(_PAGE)):
			self._delete(database, act.name, [row["name"] for row in found])
			gone += len(found)
		return _("Rows deleted: {0}.").format(gone)

	@staticmethod
	def _delete(database: Database, doctype: str, names: list[Any]) -> None:
		with database.transaction():
			for child in PRUNED[doctype]:
				c = table(child)
				if database.has(child):
					database.run(database.from_(c).where(c.parent.isin(names)).delete())
			t = table(doctype)
			database.run(database.from_(t).where(t["name"].isin(names)).delete())

	def is_done(self, site: WritableSite, act: Act) -> bool:
		before = datetime.strptime(str(act.arguments["before"]), _TIME)
		query = _older(site.writer, act.name, site.frappe_major, before)
		return site.writer.count(query) == 0


def _column(major: int) -> str:
	"""Return the column by which Frappe lets log rows go, which is also the one with an index."""
	return "modified" if major == 15 else "creation"


def _older(database: Database, doctype: str, major: int, before: datetime) -> QueryBuilder:
	t = table(doctype)
	return database.from_(t).where(t[_column(major)] < before)
