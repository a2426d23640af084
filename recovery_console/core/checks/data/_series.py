"""Reading naming series as Frappe does."""

from __future__ import annotations

import re

from recovery_console.core.record import dataclass

#: Parts of a series that Frappe replaces, and what they become.
DATES = {"YYYY": r"\d{4}", "YY": r"\d{2}", "MM": r"\d{2}", "DD": r"\d{2}", "WW": r"\d{2}"}
#: Parts that name a field of the document, or something that an app computes, such as the fiscal year.
VARIABLE = re.compile(r"\{.*\}|[a-z][a-z0-9_]*|FY|timestamp")
DIGITS = 5


@dataclass(frozen=True)
class Number:
	"""The name of a document, taken apart.

	Args:
		key: The part before the number, under which ``tabSeries`` counts.
		number: The number.
		digits: How many digits the series fills up to.
		suffix: What follows the number.
	"""

	key: str
	number: int
	digits: int
	suffix: str

	def name(self, number: int) -> str:
		"""Return the name of the document with another number."""
		return f"{self.key}{number:0{self.digits}d}{self.suffix}"


class Series:
	"""A naming series, such as ``ACC-SINV-.YYYY.-``."""

	def __init__(self, text: str) -> None:
		self.digits = DIGITS
		before: list[str] = []
		after: list[str] = []
		counter = False
		for part in text.strip().split("."):
			if part.startswith("#") and not counter:
				self.digits, counter = len(part), True
			elif part and not part.startswith("#"):
				(after if counter else before).append(_pattern(part))
		self._text = f"({''.join(before)})" + r"(\d{" + str(self.digits) + r",})" + f"({''.join(after)})"

	def read(self, name: str) -> Number | None:
		"""Return a name taken apart; None when it was not made by this series."""
		found = re.fullmatch(self._text, name)
		return Number(found[1], int(found[2]), self.digits, found[3]) if found and found[1] else None


def _pattern(part: str) -> str:
	if part in DATES:
		return DATES[part]
	return ".+?" if VARIABLE.fullmatch(part) else re.escape(part)
