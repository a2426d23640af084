"""Start background work of the accounts again that failed."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._background import KINDS
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Kinds that ERPNext itself knows how to start again.
STARTED = ("Repost Payment Ledger", "POS Closing Entry")
#: Kinds with a way of their own here.
OWN_WAY = ("Repost Item Valuation",)


@dataclass(frozen=True)
class RestartAccountingJobs(Action):
	"""Start Repost Payment Ledger and POS Closing Entry again that failed, as their buttons do.

	Other kinds must be cancelled and submitted anew, which is left to a person: they are listed.
	"""

	title = _("Start background work of the accounts again")
	risk = Risk.DISRUPTIVE
	needs_app = "erpnext"
	checks = ("payments.accounting_jobs_failed",)

	#: Only these documents.
	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=90)
	most: int = 50

	def plan(self, site: Site) -> Plan:
		site.db.learn([f"tab{kind.doctype}" for kind in KINDS])
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		seen: set[str] = set()
		since = site.ago(self.window)
		for kind in KINDS:
			if kind.doctype in OWN_WAY or not site.has_doctype(kind.doctype, kind.status):
				continue
			t = table(kind.doctype)
			query = site.db.from_(t).select(t["name"]).where(t[kind.status].isin(list(kind.failed)))
			query = query.where((t.docstatus < 2) & (t.creation >= since) & (t.modified >= since))
			for row in site.db.run(query.orderby(t.creation).limit(500)):
				name = str(row["name"])
				seen.add(name)
				if self.names and name not in self.names:
					continue
				if kind.doctype in STARTED:
					act = Act(_("start again"), kind.doctype, name, {"doctype": kind.doctype}, frappe=True)
					batches.append(batch(kind.doctype, name, act))
				else:
					left_out.append(LeftOut(Subject(kind.doctype, name), kind.remedy))
		unknown = [name for name in self.names if name not in seen]
		if unknown:
			raise UsageError(
				f"No failed background work of the accounts is called {unknown[0][:80]!r}; nothing was changed.",
				remedy="Give the names as the finding shows them, or none.",
			)
		return self.planned(
			site,
			_("Documents to start again: {count}"),
			batches,
			most=self.most,
			warnings=[_("Read the error of each first, and take a backup: this writes into the ledgers.")]
			if batches
			else (),
			left_out=left_out[:SHOWN],
		)
