"""Can the telephone numbers on record be dialled?"""

from __future__ import annotations

import re
from datetime import timedelta

from pypika.enums import Order

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._rows import owner_columns, owners, places, recent
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Digits with the usual signs between them, and an extension.
PHONE = re.compile(r"\+?[\d\s().,/*#_-]*(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)


def is_phone(text: str) -> bool:
	"""Tell whether a text can be a telephone number; generous with signs, strict with letters and length."""
	return bool(PHONE.fullmatch(text.strip())) and 4 <= sum(char.isdigit() for char in text) <= 20


@dataclass(frozen=True)
class PhoneFormat(Check):
	"""Which telephone numbers entered of late cannot be one: letters, an address, too few digits?

	Cost: reads the numbers in the listed columns of rows made within the window, the newest first.
	"""

	title = _("Malformed telephone numbers")

	#: Columns that hold one number each.
	fields: str = "Contact Phone.phone, User.mobile_no, User.phone, Member.contact_number"
	window: timedelta = timedelta(days=90)
	#: Not more numbers of one column are read.
	at_most: int = 20_000

	def run(self, site: Site) -> Answer:
		for place in places(site, self.fields):
			t = place.table
			rows = site.db.run(
				site.db.from_(t)
				.select(t[place.field].as_("number"), *owner_columns(site, place))
				.where(recent(site, t, self.window) & (t[place.field] != ""))
				.orderby(t.creation, order=Order.desc)
				.limit(self.at_most)
			)
			wrong = [row for row in rows if not is_phone(str(row["number"]))]
			if wrong:
				yield self.info(
					_("{doctype}: {count} telephone numbers cannot be right, of {of} looked at."),
					cause=_(
						"They hold letters, or too few or too many digits. Text messages and codes for logging in do not"
						" arrive, and saving the record ends in the message that the number is not valid."
					),
					remedy=_("Open them and correct the number; put remarks into another field."),
					subject=f"{place.doctype}.{place.field}",
					subjects=owners(place, wrong),
					count=len(wrong),
					doctype=place.doctype,
					field=place.field,
					of=len(rows),
				)
