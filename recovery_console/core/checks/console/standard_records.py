"""Is what comes with the console there?"""

from __future__ import annotations

from recovery_console.core import profile_file
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.knowledge.entry import known_ids
from recovery_console.core.site import Site


@dataclass(frozen=True)
class StandardRecords(Check):
	"""Are the known errors and SEPA profiles that come with the console there?

	Cost: the names in two small tables.
	"""

	title = _("Records that come with the console")
	needs = ("Known Error", "SEPA Profile")

	def run(self, site: Site) -> Answer:
		shipped = {
			"Known Error": set(known_ids()),
			"SEPA Profile": {item.id for item in profile_file.shipped_profiles()},
		}
		missing: list[tuple[str, str]] = []
		for doctype, names in shipped.items():
			t = table(doctype)
			there = {row["name"] for row in site.db.run(site.db.from_(t).select(t["name"]).limit(20_000))}
			missing += [(doctype, name) for name in sorted(names - there)]
		yield self.measure(missing_records=len(missing))
		if not missing:
			return
		yield self.warning(
			_("Records that come with the console and are missing: {count}."),
			cause=_(
				"The app was updated and the site was not migrated, or they were deleted by hand: {kinds}."
			),
			remedy=_(
				"Run `bench --site {site} migrate`: it brings them back and changes nothing else of the console."
			),
			subjects=missing,
			kinds=", ".join(sorted({doctype for doctype, _name in missing})),
			site=site.name,
		)
