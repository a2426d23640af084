"""Payments were booked, and nobody matched the bank lines that belong to them."""

from tests.faults import Fault
from tests.faults.payments import _books as books
from tests.support.fill.erpnext import ABBR
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("Bank Account", books.COMPANY_ACCOUNT, account=f"Bank - {ABBR}")
	books.add_payment(site, "PAY-fits", 0, age=20, amount=40, reference_no="RF-4711")
	books.add_bank_line(site, "BTN-fits", age=19, amount=40, description="Transfer rf-4711 Bakker")
	books.add_payment(site, "PAY-twin-1", 1, age=20, amount=55, reference_no="A-1")
	books.add_payment(site, "PAY-twin-2", 2, age=20, amount=55, reference_no="A-2")
	books.add_bank_line(site, "BTN-unclear", age=19, amount=55, description="no reference")


FAULT = Fault(
	title="Payments were booked, and nobody matched the bank lines that belong to them",
	breaks=breaks,
	check="payments.bank_unmatched",
	severity="warning",
	count=2,
	subjects=("BTN-fits", "BTN-unclear"),
	runbook="match-bank-lines",
)
