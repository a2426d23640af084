"""Are due invoices left out of collection?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import Case
from pypika import functions as fn

from recovery_console.core.backends.sql import Column
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import LIVE, money, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site

#: Nobody gives more time to pay: an invoice is not older than this when it falls due.
LONGEST_TERM = timedelta(days=365)
#: So many open invoices at most are named in a statement.
MOST_LISTED = 1000


@dataclass(frozen=True)
class InvoiceStarved(Check):
	"""Are there due, unpaid invoices of payers with an active mandate that no batch will collect?

	Cost: the unpaid invoices that fell due within the window, with payer and mandate, beside the collections of
	the batches of the same time.
	"""

	title = _("Invoices that nobody collects")
	explained_by = ("sepa.batch_failed",)

	#: So long after the due date an invoice should be in a batch.
	grace: timedelta = timedelta(days=7)
	#: Invoices that fell due before are a matter for reminders, not for collection.
	window: timedelta = timedelta(days=120)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "invoice.customer", "invoice.due", "invoice.outstanding", "party.customer", "mandate.party",
			"mandate.status", "line.invoice", "line.parent", "batch.status", "batch.date",
		):  # fmt: skip
			rows = self._left_out(site, profile)
			for code, title, cause in (
				(
					"held",
					HELD,
					_(
						"They belong to a batch that failed, and no other batch takes them up while it stands."
					),
				),
				(
					"free",
					FREE,
					_("They were not selected when batches were made, or no batch was made since."),
				),
			):
				group = [row for row in rows if bool(row["failed"]) == (code == "held")]
				if group:
					yield self.warning(
						title,
						cause=cause,
						remedy=_("Cancel the failed batch, so that they are free for the next one.")
						if code == "held"
						else _("Make a batch for them, or ask for the money in another way."),
						subject=f"{profile.id}:{code}",
						subjects=subjects(profile["invoice"].doctype, [row["id"] for row in group]),
						count=len(group),
						amount=money(sum(float(row["outstanding"] or 0) for row in group)),
						oldest_due=str(min(str(row["due"])[:10] for row in group)),
						grace_days=self.grace.days,
					)

	def _left_out(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		since = site.ago(self.window).date()
		invoice, party = profile["invoice"].source("i"), profile["party"].source("p")
		mandate = profile["mandate"].source("m")
		owed = (invoice["outstanding"] > 0) & (invoice["due"] < site.ago(self.grace).date())
		owed &= invoice["due"] >= since
		made = site.ago(self.window + LONGEST_TERM)
		owed &= (invoice["creation"] >= made) & (invoice["modified"] >= made)
		open_ones = site.db.run(
			invoice.start(site.db).select(invoice["id"]).where(owed).limit(MOST_LISTED + 1)
		)
		if not open_ones:
			return []
		if (
			len(open_ones) <= MOST_LISTED
		):  # few against all mandates: their names are the shortest way to them
			owed = invoice["id"].isin([next(iter(row.values())) for row in open_ones])
		taken = _taken(site, profile, since)
		known, live, failed = (Column(name, table=taken) for name in ("invoice", "live", "failed"))
		query = party.join(invoice.start(site.db), party["customer"] == invoice["customer"])
		query = mandate.join(query, mandate["party"] == party["id"])
		query = query.left_join(taken).on(known == invoice["id"])
		return site.db.run(
			query.select(*invoice.pick("id", "due", "outstanding"), failed)
			.distinct()
			.where(mandate.is_("active") & party.chosen() & owed)
			.where(known.isnull() | ((live == 0) & (failed == 1)))
			.orderby(invoice["id"])
		)


HELD = _("Due invoices that a failed batch holds back: {count}.")
FREE = _("Invoices that fell due over {grace_days} days ago, have a mandate and are in no batch: {count}.")


def _taken(site: Site, profile: Profile, since: Any) -> Any:
	"""Return the invoices in batches that are not cancelled, and whether such a batch is under way, or failed."""
	line, batch = profile["line"].source("l"), profile["batch"].source("b")
	alive = (batch["docstatus"] < 2) & (batch["date"] >= since) & ~batch.is_("cancelled")
	taken = (
		line.join(batch.start(site.db), line["parent"] == batch["id"])
		.select(
			*line.pick("invoice"),
			fn.Max(Case().when(batch.is_(*LIVE, "done"), 1).else_(0)).as_("live"),
			fn.Max(Case().when(batch.is_("failed"), 1).else_(0)).as_("failed"),
		)
		.where(alive)
		.groupby(line["invoice"])
	)
	taken.alias = "taken"
	return taken
