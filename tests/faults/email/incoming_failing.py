"""Mail could not be fetched four times in a row."""

import pickle

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"Email Account",
		name="Support",
		email_account_name="Support",
		email_id="support@example.org",
		enable_incoming=1,
		email_server="imap.example.org",
		no_failed=7,
	)
	site.set_password("Email Account", "Support", "secret")
	site.cache.set(site.cache_key("Support:email-account-failed-attempts"), pickle.dumps(4, protocol=4))


FAULT = Fault(
	title="An incoming account fails again and again",
	breaks=breaks,
	check="email.incoming_stopped",
	severity="warning",
	subjects=("Support",),
	runbook="fetch-mail-again",
)
