"""Validating account numbers: ours against a plain loop over schwifty."""

from __future__ import annotations

from schwifty import IBAN

from recovery_console.core.checks.sepa._accounts import iban_mistake
from tests.benchmarks.fill import account_number
from tests.benchmarks.guides import shortest


def compare(many: int) -> tuple[float, float]:
	"""Return how long schwifty and we take for so many account numbers."""
	numbers = [account_number(seq) for seq in range(1, many + 1)]
	iban_mistake(numbers[0])

	def plain() -> None:
		for text in numbers:
			IBAN(text)

	def ours() -> None:
		for text in numbers:
			iban_mistake(text)

	return shortest(plain, 3), shortest(ours, 3)
