"""Import runs of other apps, as the site's profiles describe them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pypika import Order
from pypika.terms import Criterion

from recovery_console.core.checks.imports._runs import KINDS, last_line
from recovery_console.core.finding import MOST_SUBJECTS
from recovery_console.core.profile import import_runs
from recovery_console.core.profile_model import Role, Source
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AppRuns:
	"""Runs of one kind: exactly how many, and the newest of them."""

	doctype: str
	count: int
	newest: list[dict[str, Any]]

	@property
	def subjects(self) -> list[tuple[str, str]]:
		return [(self.doctype, str(row["name"])) for row in self.newest]

	@property
	def error(self) -> str:
		"""The last line that a run left as its error, of the newest run that left one."""
		texts = (last_line(str(row.get("errors_text") or "")) for row in self.newest)
		return next((text for text in texts if text), "")


def kinds(site: Site) -> list[Role]:
	"""Return what other apps import with, besides Frappe's own import."""
	return [
		role
		for role in import_runs(site)
		if role.doctype not in KINDS and not role.single and role.has("status")
	]


def find(site: Site, role: Role, statuses: tuple[str, ...], since: datetime, until: datetime) -> AppRuns:
	"""Return the runs with one of these statuses that changed last between two database times."""
	source = role.source()
	wanted = Criterion.all(
		[
			source.is_(*statuses),
			source["docstatus"] != 2,
			source["modified"] >= since,
			source["modified"] <= until,
		]
	)
	count = site.db.count(source.start(site.db).where(wanted))
	return AppRuns(role.doctype, count, _newest(site, role, source, wanted) if count else [])


def _newest(site: Site, role: Role, source: Source, wanted: Criterion) -> list[dict[str, Any]]:
	texts = ["errors_text"] if role.has("errors_text") else []
	return site.db.run(
		source.start(site.db)
		.select(*source.pick("name", "modified", *texts))
		.where(wanted)
		.orderby(source["modified"], order=Order.desc)
		.limit(MOST_SUBJECTS)
	)
