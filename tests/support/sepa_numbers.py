"""Valid account numbers, creditor identifiers and collection days for sample data."""

from __future__ import annotations

from datetime import date, timedelta

BICS = {"ABNA": "ABNANL2A", "INGB": "INGBNL2A", "RABO": "RABONL2U", "TRIO": "TRIONL2U"}


def _check_digits(text: str, country: str) -> int:
	"""ISO 7064 mod 97-10, as IBANs and creditor identifiers use it."""
	return 98 - int("".join(str(int(character, 36)) for character in f"{text}{country}00")) % 97


def iban(bank: str, account: int) -> str:
	"""A Dutch IBAN with correct check digits; its account number passes the eleven-test too."""
	digits = f"{account:010d}"
	while sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11:
		account += 1
		digits = f"{account:010d}"
	return f"NL{_check_digits(bank + digits, 'NL'):02d}{bank}{digits}"


def creditor_id(national: str = "123456780000", business: str = "ZZZ") -> str:
	"""A Dutch SEPA creditor identifier; the business code takes no part in the check."""
	return f"NL{_check_digits(national, 'NL'):02d}{business}{national}"


def easter(year: int) -> date:
	"""Easter Sunday in the Gregorian calendar."""
	century, rest = divmod(year, 100)
	golden = year % 19
	moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
	week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
	shift = (golden + 11 * moon + 22 * week) // 451
	month, day = divmod(moon + week - 7 * shift + 114, 31)
	return date(year, month, day + 1)


def is_target_day(day: date) -> bool:
	"""Whether the European payment system settles on this day."""
	sunday = easter(day.year)
	fixed = {(1, 1), (5, 1), (12, 25), (12, 26)}
	moving = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
	return day.weekday() < 5 and (day.month, day.day) not in fixed and day not in moving


def target_day(day: date, step: int = 1) -> date:
	"""This day, or the next one (`step=-1`: the last one before) on which TARGET settles."""
	while not is_target_day(day):
		day += timedelta(days=step)
	return day
