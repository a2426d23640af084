"""Queue repostings of stock values again that failed or hang."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import RowEdit
from recovery_console.core.finding import _
from recovery_console.core.meta import aliased
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

_REPOST = "Repost Item Valuation"
#: What tells two repostings apart.
SAME = ("based_on", "voucher_type", "voucher_no", "item_code", "warehouse")
#: What starts again from the beginning, as the button Restart does.
FRESH: dict[str, Any] = {
	"current_index": 0,
	"gl_reposting_index": 0,
	"distinct_item_and_warehouse": None,
	"items_to_be_repost": None,
	"reposting_data_file": None,
}


@dataclass(frozen=True)
class RequeueRepostings(Action):
	"""Queue repostings of stock values again that failed, or that have been in progress for a day without a sign.

	The scheduler takes them up within the hour, from their beginning, as the button Restart does. Where the same
	was reposted successfully since, it is marked as skipped instead.
	"""

	title = _("Queue repostings of stock values again")
	risk = Risk.DISRUPTIVE  # what is queued is reposted, which nobody takes back
	needs = (_REPOST,)
	needs_app = "erpnext"
	checks = ("payments.accounting_jobs_failed", "payments.accounting_jobs_stuck")

	names: tuple[str, ...] = ()
	#: In progress and unchanged for so long counts as dead.
	older_than: timedelta = timedelta(hours=24)
	window: timedelta = timedelta(days=90)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		rows = self._rows(site)
		done = {key for row in self._completed(site) if (key := _key(row))}
		now = site.ago(timedelta(0))
		batches = []
		for row in rows:
			skipped = _key(row) in done
			why = _("The same was reposted since.") if skipped else ""
			batches.append(batch(_REPOST, row["name"], self._edit(row, skipped=skipped, now=now), why=why))
		return self.planned(
			site,
			_("Repostings to queue again: {count}"),
			batches,
			most=self.most,
			warnings=[
				_("Read the error of each first: what fails for a reason that is still there fails again.")
			]
			if batches
			else (),
		)

	def _rows(self, site: Site) -> list[dict[str, Any]]:
		t, since = table(_REPOST), site.ago(self.window)
		fresh = [name for name in FRESH if site.has_doctype(_REPOST, name)]
		columns = dict.fromkeys(("name", "modified", "status", "creation", *SAME, *fresh))
		dead = (t.status == "In Progress") & (t.modified < site.ago(self.older_than))
		query = site.db.from_(t).select(*[t[name] for name in columns])
		query = query.where((t.docstatus == 1) & ((t.status == "Failed") | dead))
		if self.names:
			query = query.where(t["name"].isin(list(known_names(site, _REPOST, self.names))))
		else:
			query = query.where((t.creation >= since) & (t.modified >= since))
		return site.db.run(query.orderby(t.creation).orderby(t["name"]).limit(self.most + 1))

	def _completed(self, site: Site) -> list[dict[str, Any]]:
		"""Return what was reposted after the oldest that failed could have been made."""
		since = site.ago(self.window)
		failed, later = aliased(_REPOST, "failed"), aliased(_REPOST, "later")
		same = [failed[name] == later[name] for name in ("based_on", "voucher_no")]
		query = (
			site.db.from_(later).join(failed).on(same[0] & same[1] & (later["creation"] > failed["creation"]))
		)
		query = query.where(
			(later["status"] == "Completed") & failed["status"].isin(["Failed", "In Progress"])
		)
		query = query.where((failed["creation"] >= since) & (later["voucher_no"] != ""))
		return site.db.run(query.select(*[later[name] for name in SAME]).limit(5_000))

	@staticmethod
	def _edit(row: dict[str, Any], *, skipped: bool, now: Any) -> RowEdit:
		if skipped:
			return changed(_REPOST, row, status="Skipped", modified=now)
		fresh = {name: value for name, value in FRESH.items() if name in row}
		return changed(_REPOST, row, status="Queued", **fresh, modified=now)


def _key(row: dict[str, Any]) -> tuple[str, ...] | None:
	"""Return what tells a reposting of a voucher from others; None for one that names no voucher."""
	return tuple(str(row[name] or "") for name in SAME) if row["voucher_no"] else None
