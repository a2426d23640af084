"""Do customers or suppliers stand twice?"""

from __future__ import annotations

from typing import Any

from pypika import functions as fn

from recovery_console.core.backends.repeats import repeating
from recovery_console.core.backends.sql import Fn
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._rows import Place, in_use, owners, places
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DuplicateParties(Check):
	"""Which customers, suppliers or members share a tax number or an e-mail address with another one?

	Cost: groups each listed column of the records that are not disabled: a tenth of a second for 100,000.
	"""

	title = _("Parties that stand twice")

	#: Columns that tell parties apart: two records with one tax number are one party.
	keys: str = "Customer.tax_id, Supplier.tax_id"
	#: Columns in which families and offices may rightly share a value.
	weak_keys: str = "Customer.email_id, Supplier.email_id, Member.email"

	def run(self, site: Site) -> Answer:
		strong = places(site, self.keys)
		for place in (*strong, *places(site, self.weak_keys)):
			groups = self._shared(site, place)
			if not groups:
				continue
			build = self.warning if place in strong else self.info
			yield build(
				_("{doctype}: {count} records share their {field} with another one."),
				cause=_(
					"There are {groups} values that several records have. The same party was entered or imported again:"
					" its invoices, payments and mandates are spread over both."
				),
				remedy=_(
					"Open each pair. If it is one party, merge them: Menu, Rename, with the name of the one to keep and"
					" Merge with existing ticked. A merge cannot be undone: take a backup first."
				),
				subject=f"{place.doctype}.{place.field}",
				subjects=self._named(site, place, [row["value"] for row in groups]),
				count=sum(int(row["n"]) for row in groups),
				doctype=place.doctype,
				field=place.field,
				groups=len(groups),
			)

	def _shared(self, site: Site, place: Place) -> list[dict[str, Any]]:
		value = self._folded(place)
		filled = site.db.from_(place.table).where((place.table[place.field] != "") & in_use(site, place))
		repeated = repeating(site.db, filled, value)
		if repeated is None:
			return []
		return site.db.run(
			repeated.select(value.as_("value"), fn.Count("*").as_("n"))
			.groupby(value)
			.having((fn.Count("*") > 1) & (Fn("MAX", value) != ""))
			.orderby(value)
		)

	def _named(self, site: Site, place: Place, values: list[Any]) -> list[tuple[str, str]]:
		t, value = place.table, self._folded(place)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"].as_("id"))
			.where(value.isin(values[: most_subjects()]) & in_use(site, place))
			.orderby(value)
			.orderby(t["name"])
			.limit(most_subjects())
		)
		return owners(place, rows)

	def _folded(self, place: Place) -> Any:
		"""Return a column as it is compared: small letters, without blanks and dots in numbers."""
		text = Fn("LOWER", Fn("REPLACE", place.table[place.field], " ", ""))
		return text if "mail" in place.field else Fn("REPLACE", text, ".", "")
