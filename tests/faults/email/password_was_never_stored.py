"""The account has no password any more, as after a deletion in __Auth."""

from tests.faults import Fault
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("__Auth", {"doctype": "Email Account", "name": ACCOUNT})


FAULT = Fault(
	title="An account has no stored password",
	breaks=breaks,
	check="email.account_login",
	severity="critical",
	subjects=("Notifications",),
	runbook="store-mail-password",
	given={"account": "Notifications", "password": "a new one", "try_first": False},
)
