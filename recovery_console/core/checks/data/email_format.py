"""Can mail be sent to the addresses on record?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._rows import owner_columns, owners, places, recent
from recovery_console.core.finding import MOST_SUBJECTS, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class EmailFormat(Check):
	"""Which e-mail addresses entered of late cannot be one: no domain, blanks, several in one field?

	Cost: the addresses in the listed columns of rows made within the window.
	"""

	title = _("Malformed e-mail addresses")

	#: Columns that hold one address each.
	fields: str = "Contact Email.email_id, User.email, Member.email, Customer.email_id, Supplier.email_id"
	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		for place in places(site, self.fields):
			t = place.table
			query = site.db.from_(t).where(
				recent(site, t, self.window) & (t[place.field] != "") & self._malformed(t[place.field])
			)
			if place.doctype == "User":
				query = query.where(t["name"].notin(["Administrator", "Guest"]))
			count = site.db.count(query)
			if count:
				rows = site.db.run(query.select(*owner_columns(site, place)).limit(MOST_SUBJECTS))
				yield self.warning(
					_("{doctype}: {count} e-mail addresses cannot be right."),
					cause=_(
						"They lack a name or a domain, hold blanks, or are several addresses in one field. Imports and"
						" programs can store what the form refuses. A mail to one of them fails, and takes the other"
						" recipients of the same mail with it on some servers."
					),
					remedy=_("Open them and correct the address; ask the person when in doubt."),
					subject=f"{place.doctype}.{place.field}",
					subjects=owners(place, rows),
					count=count,
					doctype=place.doctype,
					field=place.field,
				)

	def _malformed(self, address: Any) -> Any:
		"""Return the condition that no mail server would take it; whatever is unusual but possible passes."""
		wrong = address.not_like("_%@_%._%")
		for pattern in ("% %", "%,%", "%;%", "%..%", "%@%@%", "%.", "%@.%", ".%", "%<%"):
			wrong = wrong | address.like(pattern)
		return wrong
