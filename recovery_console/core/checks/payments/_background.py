"""Which documents of ERPNext do their work in the background, and how they say that it failed."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._books import oldest_first, recent, totals
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Background:
	"""A DocType whose documents are worked off in the background.

	Args:
		doctype: Its name.
		status: The column that says how far it is.
		failed: Values after which nothing happens by itself.
		busy: Values between which and the end a job is waited for.
		effect: What stays wrong until it is done.
		remedy: What a person can do about a failed one.
	"""

	doctype: str
	status: str
	failed: tuple[str, ...]
	busy: tuple[str, ...]
	effect: str
	remedy: str


REPOST = _("Read its error log, put right what it names, and click Restart.")
AGAIN = _("Read what it says about the error, put that right, cancel it, and submit a new one.")
KINDS = (
	Background(
		"Repost Item Valuation",
		"status",
		("Failed",),
		("Queued", "In Progress"),
		_("Stock values and the accounts of stock are wrong from its date on."),
		REPOST,
	),
	Background(
		"Repost Payment Ledger",
		"repost_status",
		("Failed",),
		("Queued",),
		_("Outstanding amounts of its vouchers are not brought up to date."),
		AGAIN,
	),
	Background(
		"Process Payment Reconciliation",
		"status",
		("Failed",),
		("Queued", "Running"),
		_("Payments of the party are not set against its invoices, and no other run for it can start."),
		AGAIN,
	),
	Background(
		"POS Closing Entry",
		"status",
		("Failed",),
		("Queued",),
		_("The sales of the till are not in the books."),
		_("Read its error message, put that right, and click Retry."),
	),
	Background(
		"Period Closing Voucher",
		"gle_processing_status",
		("Failed",),
		("In Progress",),
		_("The year is not closed in the books: profit or loss is not carried over."),
		AGAIN,
	),
	Background(
		"Bulk Transaction Log Detail",
		"transaction_status",
		("Failed",),
		(),
		_("Documents that were to be made in bulk do not exist."),
		_(
			"Open Bulk Transaction Log for its day, read the error, put that right, and retry the failed ones."
		),
	),
	Background(
		"BOM Update Log",
		"status",
		("Failed",),
		("Queued", "In Progress"),
		_("Costs of bills of material are out of date."),
		_("Read the Error Log that it names, put that right, and start the update again."),
	),
	Background(
		"Asset",
		"depr_entry_posting_status",
		("Failed",),
		(),
		_("Depreciation is not booked."),
		_("Read the Error Log for the asset, put that right; the next daily run books what is missing."),
	),
	Background(
		"Ledger Merge",
		"status",
		("Error", "Partial Success"),
		(),
		_("Accounts that were to become one are still apart."),
		_("Read the Error Log, put that right, and start the merge again."),
	),
	Background(
		"Closing Stock Balance",
		"status",
		("Failed",),
		("Queued", "In Progress"),
		_("Stock reports stay slow: they compute everything from the first day on."),
		AGAIN,
	),
)


@dataclass(frozen=True)
class Hit:
	"""Documents of one kind that failed or hang."""

	kind: Background
	count: int
	oldest: object
	subjects: list[tuple[str, str]]


def hits(site: Site, window: timedelta, *, failed: bool, older_than: timedelta = timedelta(0)) -> list[Hit]:
	"""Return, by DocType, the documents made within the window that failed, or that have been busy for too long."""
	site.db.learn([f"tab{kind.doctype}" for kind in KINDS])
	found = []
	for kind in KINDS:
		values = kind.failed if failed else kind.busy
		if not values or not site.has_doctype(kind.doctype, kind.status):
			continue
		t = table(kind.doctype)
		query = site.db.from_(t).where(
			(t.docstatus < 2) & t[kind.status].isin(list(values)) & recent(site, t, window)
		)
		if not failed:
			query = query.where(t.modified < site.ago(older_than))
		total = totals(site, query, t.docstatus, t.creation)
		if total["n"]:
			names = oldest_first(site, query, kind.doctype, t["name"], t.creation)
			found.append(Hit(kind, total["n"], site.moment(total["oldest"]), names))
	return found
