"""Incoming mails end in an error and are set aside."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	error = 'Traceback (most recent call last):\n  File "receive.py", line 1\nfrappe.exceptions.MandatoryError: [Issue]: customer'
	for number in range(6):
		site.insert(
			"Unhandled Email",
			name=f"unhandled{number}",
			email_account=ACCOUNT,
			uid=str(number),
			raw=f"Subject: Question {number}\nMessage-ID: <q{number}@example.com>\n\nHello",
			reason=error,
			creation=site.hours_ago(number + 1),
		)


FAULT = Fault(
	title="Incoming mails cannot be taken in",
	breaks=breaks,
	check="email.unhandled",
	severity="warning",
	count=6,
	subjects=("unhandled0", "unhandled5"),
	runbook="take-mails-in-again",
)
