"""Are columns of DocTypes missing?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database._expected import expected
from recovery_console.core.checks.database._tables import columns, key
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MissingColumns(Check):
	"""Has every field that stores something a column in its table?

	Cost: one read of DocType, DocField and Custom Field and one of the catalogue, each once for all checks.
	"""

	title = _("Missing columns")
	needs = ("DocType", "DocField", "Custom Field")
	explained_by = ("config.patches_failed", "config.patches_pending")

	def run(self, site: Site) -> Answer:
		present = columns(site)
		missing = sorted(
			(doctype, fieldname)
			for doctype, wanted in expected(site).columns.items()
			for fieldname in wanted - present.get(key(site, f"tab{doctype}"), wanted)
		)
		yield self.measure(missing_columns=len(missing))
		if not missing:
			return
		doctypes = sorted({doctype for doctype, _fieldname in missing})
		yield self.critical(
			_("Fields without their column in the database: {count}."),
			cause=_(
				"Lists, reports and saving of {doctypes} end in 'Unknown column' errors. An update was interrupted, or its"
				" migrate never ran on this site."
			),
			remedy=_(
				"Run `bench --site {site} migrate`. If it ends in an error, that error is the cause: the columns come with"
				" the first migrate that ends well."
			),
			subjects=[("Field", f"{doctype}.{fieldname}") for doctype, fieldname in missing],
			doctypes=", ".join(doctypes[:5]) + (" …" if len(doctypes) > 5 else ""),
			site=site.name,
		)
