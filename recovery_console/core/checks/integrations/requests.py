"""Do the calls between this site and other services succeed?"""

from __future__ import annotations

from datetime import timedelta

from pypika import Case, Order
from pypika import functions as fn

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Requests(Check):
	"""Which services had failed Integration Requests lately: some now and then, or most?

	A single failure may be a refused card. Requests that stay Queued are mostly payments that people left.

	Cost: the Integration Requests of the window, once, and once more where some failed.
	"""

	title = _("Integration Requests")
	needs = ("Integration Request",)

	window: timedelta = timedelta(days=1)
	many: int = 5
	share: float = 0.2
	most_named: int = 500

	def run(self, site: Site) -> Answer:
		rows = self._by_service(site)
		yield self.measure(failed_requests=sum(int(row["failed"]) for row in rows))
		failing = [row for row in rows if row["failed"]]
		names = self._names(site) if failing else {}
		for row in failing:
			yield self._failing(row, names.get(str(row["service"]), []))

	def _by_service(self, site: Site) -> list[Row]:
		t, since = table("Integration Request"), site.ago(self.window)
		service = Fn("COALESCE", t.integration_request_service, "")
		return site.db.run(
			site.db.from_(t)
			.select(
				service.as_("service"),
				fn.Count("*").as_("number"),
				fn.Sum(Case().when(t.status == "Failed", 1).else_(0)).as_("failed"),
			)
			.where((t.creation >= since) & (t.modified >= since))
			.groupby(t.integration_request_service)
			.orderby(t.integration_request_service)
		)

	def _failing(self, row: Row, names: list[str]) -> Finding:
		service, failed, number = str(row["service"]), int(row["failed"]), int(row["number"])
		broken = failed >= self.many and failed >= self.share * number
		return (self.warning if broken else self.info)(
			_("Requests between this site and {service} that failed in {window}: {count} of {number}."),
			cause=_(
				"So many failures are no single customers' refused cards: the service is out of order, or no longer"
				" accepts what this site sends."
			)
			if broken
			else _("A few failures are usual: a refused card, or a moment without network."),
			remedy=_(
				"Open the newest of the requests named and read Error and Output. Then look at the service's own status"
				" page, and at its settings here: keys, test mode, addresses."
			),
			subject=service or "nameless",
			subjects=[("Integration Request", name) for name in names],
			count=failed,
			service=service or _("a service without a name"),
			number=number,
			window=in_words(self.window),
		)

	def _names(self, site: Site) -> dict[str, list[str]]:
		"""Return the newest failed requests, per service."""
		t, since = table("Integration Request"), site.ago(self.window)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.integration_request_service.as_("service"))
			.where((t.creation >= since) & (t.modified >= since) & (t.status == "Failed"))
			.orderby(t.creation, order=Order.desc)
			.limit(self.most_named)
		)
		found: dict[str, list[str]] = {}
		for row in rows:
			found.setdefault(str(row["service"] or ""), []).append(str(row["name"]))
		return found
