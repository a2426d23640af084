"""Close batches whose invoices are all paid."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.actions.sepa._rows import NO_HOOKS, offered, read, set_fields
from recovery_console.core.checks.sepa._held import held_by
from recovery_console.core.checks.sepa._query import today
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class ClosePaidBatches(Action):
	"""Set batches to their final status whose collection date has passed and whose invoices are all paid."""

	title = _("Close batches that are paid")
	risk = Risk.REVERSIBLE
	checks = ("sepa.batch_stuck",)

	names: tuple[str, ...] = ()
	most: int = 200

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		for profile in profiles_with(
			site,
			"batch.date",
			"batch.status",
			"line.parent",
			"line.invoice",
			"line.amount",
			"invoice.outstanding",
		):
			role, source = profile["batch"], profile["batch"].source("b")
			wanted = known_names(site, role.doctype, self.names)
			paid = [
				held.name
				for held in held_by(site, profile, source, source.is_("file_made"))
				if not held.unpaid
				and (on := day(held.date))
				and on < today(site)
				and (not wanted or held.name in wanted)
			]
			query = source.start(site.db).where(source.table["name"].isin(paid or [""]))
			batches += [
				batch(role.doctype, row["name"], set_fields(site, role, row, status=offered(role, "done")))
				for row in read(site, source, query, "status")
			]
		return self.planned(
			site,
			_("Batches to close, whose invoices are all paid: {count}"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS] if batches else (),
		)
