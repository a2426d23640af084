"""Are records submitted that cannot be?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._rows import listed, recent
from recovery_console.core.finding import MOST_SUBJECTS, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Docstatus(Check):
	"""Which customers, contacts and the like count as submitted or cancelled, though their kind knows no such state?

	Cost: the records of each listed DocType made within the window.
	"""

	title = _("Records in a state that their kind does not have")
	needs = ("DocType",)

	doctypes: str = (
		"Customer, Supplier, Item, Contact, Address, Lead, Bank Account, User, Project, Task, Issue, Member,"
		"Membership Dues Schedule, Mode of Payment"
	)
	window: timedelta = timedelta(days=365)

	def run(self, site: Site) -> Answer:
		meta = table("DocType")
		names = listed(site, self.doctypes)
		plain = site.db.run(
			site.db.from_(meta)
			.select(meta["name"].as_("id"))
			.where(meta["name"].isin(names or [""]) & (meta.is_submittable == 0))
			.orderby(meta["name"])
		)
		for doctype in [str(row["id"]) for row in plain]:
			t = table(doctype)
			query = site.db.from_(t).where((t.docstatus != 0) & recent(site, t, self.window))
			count = site.db.count(query)
			if not count:
				continue
			rows = site.db.run(query.select(t["name"].as_("id")).orderby(t["name"]).limit(MOST_SUBJECTS))
			yield self.warning(
				_("{doctype}: {count} records count as submitted or cancelled, which this kind cannot be."),
				cause=_(
					"An import or a program set docstatus. Such a record cannot be changed or deleted in its form,"
					" and links to a cancelled one are refused."
				),
				remedy=_(
					"Ask whoever wrote the import or program to leave docstatus alone and to set it to 0 for these"
					" records; take a backup first."
				),
				subject=doctype,
				subjects=[(doctype, str(row["id"])) for row in rows],
				count=count,
				doctype=doctype,
			)
