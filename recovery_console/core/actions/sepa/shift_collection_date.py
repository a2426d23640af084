"""Move drafted batches to a day on which they can be collected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN, known_names
from recovery_console.core.actions.sepa._rows import NO_HOOKS, own_column
from recovery_console.core.checks.sepa._query import OPEN, in_batches, today
from recovery_console.core.checks.sepa._target import is_target_day, next_target_day, target_days_before
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site
from recovery_console.core.times import day

_ONE = timedelta(days=1)
#: No bank asks for more days, and nobody is told of a collection less than a day ahead.
_MOST_LEAD, _LEAST_NOTICE, _MOST_NOTICE = 30, timedelta(days=1), timedelta(days=90)


def look_at_days(lead_days: int, notice: timedelta = timedelta(days=14)) -> None:
	"""Refuse days that no bank and no payer would agree to.

	Raises:
		UsageError: There are too few or too many.
	"""
	if not 1 <= lead_days <= _MOST_LEAD or not _LEAST_NOTICE <= notice <= _MOST_NOTICE:
		raise UsageError(
			"The bank days ahead, or the payers' notice, are out of bounds; nothing was changed.",
			remedy=f"Give lead_days from 1 to {_MOST_LEAD}, and notice from 1 d to {_MOST_NOTICE.days} d.",
		)


@dataclass(frozen=True)
class ShiftCollectionDate(Action):
	"""Move the collection date of drafted batches to the next bank day that the bank and the payers' notice allow.

	A payer who was told another day must be told the new one: that remains to be done by hand.
	"""

	title = _("Move drafted batches to a day on which they can be collected")
	risk = Risk.REVERSIBLE
	checks = ("sepa.batch_date",)

	names: tuple[str, ...] = ()
	#: Bank days that the file must be with the payers' banks ahead.
	lead_days: int = 1
	#: How long ahead a payer must know, unless you agreed on less.
	notice: timedelta = timedelta(days=14)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		look_at_days(self.lead_days, self.notice)
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for profile in profiles_with(site, "batch.date", "batch.status"):
			doctype, now = profile["batch"].doctype, today(site)
			told = self._told(site, profile)
			for row in self._open(site, profile):
				on = day(row["date"])
				better = self.first_day(max(on or now, now), now, told.get(str(row["name"])))
				if on is None or on == better:
					continue
				if row["logical"] != "draft" or int(row["docstatus"] or 0):
					if on >= now and not is_target_day(on):
						why = _("Its file names that day already: make the batch anew.")
						left_out.append(LeftOut(Subject(doctype, str(row["name"])), why))
					continue
				why = _("{0} instead of {1}.").format(better.isoformat(), on.isoformat())
				batches.append(batch(doctype, row["name"], self._moved(site, profile, row, better), why=why))
		return self.planned(
			site,
			_("Drafted batches to move to another day: {count}"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS, _("Tell the payers the new day, if they were told another one.")]
			if batches
			else (),
			left_out=left_out[:SHOWN],
		)

	def first_day(self, start: date, now: date, told: date | None) -> date:
		"""Return the first bank day from ``start`` on that the bank and the payers' notice allow."""
		found = next_target_day(max(start, told + self.notice) if told else start)
		while target_days_before(found, self.lead_days) < now:
			found = next_target_day(found + _ONE)
		return found

	def _open(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		source = profile["batch"].source("b")
		query = source.start(site.db).where(in_batches(source, OPEN))
		if self.names:
			query = query.where(source["id"].isin(list(known_names(site, source.role.doctype, self.names))))
		t, column, state = source.table, own_column(source.role, "date"), own_column(source.role, "status")
		rows = site.db.run(
			query.select(
				t["name"],
				t["modified"],
				t["docstatus"],
				t[column],
				t[state],
				source["status"].as_("status_now"),
			).orderby(t["name"])
		)
		return [
			{**row, "date": row[column], "logical": source.role.logical(row["status_now"])} for row in rows
		]

	@staticmethod
	def _moved(site: Site, profile: Profile, row: dict[str, Any], better: date) -> Any:
		state = own_column(profile["batch"], "status")  # a batch that has moved on is left alone
		after = {own_column(profile["batch"], "date"): better, state: row[state]}
		now = site.db_time(site.now())
		return changed(profile["batch"].doctype, row, **after, docstatus=row["docstatus"], modified=now)

	@staticmethod
	def _told(site: Site, profile: Profile) -> dict[str, date]:
		"""Return the date of the youngest invoice in each batch that is not sent yet."""
		if not profile.has("line.parent", "line.invoice", "invoice.date"):
			return {}
		source, line, invoice = (
			profile[name].source(alias) for name, alias in (("batch", "b"), ("line", "l"), ("invoice", "i"))
		)
		query = line.join(source.start(site.db), line["parent"] == source["id"])
		query = invoice.join(query, invoice["id"] == line["invoice"]).where(in_batches(source, OPEN))
		rows = site.db.run(
			query.select(source["id"].as_("id"), fn.Max(invoice["date"]).as_("told")).groupby(source["id"])
		)
		return {str(row["id"]): on for row in rows if (on := day(row["told"]))}
