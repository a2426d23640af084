"""What a batch still holds: collections whose invoices are unpaid."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn
from pypika.terms import Criterion

from recovery_console.core.checks.sepa._query import money
from recovery_console.core.profile_model import Profile, Source
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Held:
	"""A batch with how many unpaid invoices it holds, and how much they come to."""

	name: str
	date: Any
	unpaid: int
	amount: float


def held_by(site: Site, profile: Profile, batch: Source, where: Criterion) -> list[Held]:
	"""Return the batches that match ``where`` with the unpaid invoices in them, by date."""
	query = batch.start(site.db).where(batch["docstatus"] < 2).where(where)
	line = profile["line"].source("l")
	query = line.join(query, line["parent"] == batch["id"], optional=True)
	what: Any = line["invoice"]
	amount: Any = line["amount"]
	if profile.has("invoice.outstanding"):
		invoice = profile["invoice"].source("i")
		owed = (invoice["id"] == line["invoice"]) & (invoice["outstanding"] > 0)
		query = invoice.join(query, owed, optional=True)
		what, amount = invoice["id"], invoice["outstanding"]
	rows = site.db.run(
		query.select(
			*batch.pick("id", "date"), fn.Count(what).as_("unpaid"), fn.Sum(amount).as_("amount")
		).groupby(batch["id"], batch["date"])
	)
	found = [Held(str(row["id"]), row["date"], int(row["unpaid"] or 0), money(row["amount"])) for row in rows]
	return sorted(found, key=lambda held: (str(held.date), held.name))
