"""A payment was booked twice beside a batch and a standing order."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in (0, 1):
		for invoice in ("a", "b"):
			books.add_payment(site, f"PAY-batch-{number}{invoice}", number, age=10, reference_no="BATCH-9")
	for month in (1, 2, 3):
		books.add_payment(site, f"PAY-monthly-{month}", 2, age=28 * month - 20, reference_no="Contribution")
	books.add_payment(site, "PAY-again", 2, age=3, reference_no="Contribution")


FAULT = Fault(
	title="A payment was booked twice beside a batch and a standing order",
	breaks=breaks,
	check="payments.duplicates",
	severity="warning",
	subjects=("PAY-again",),
)
