"""Password resets failed because the log-in at the mail server is refused."""

from tests.faults import Fault
from tests.faults.email._mail import REFUSED_LOGIN, message, queue, use_server
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	use_server(site, "refuse login")
	text = "Set your password: https://erp.example.org/update-password?key=0123456789abcdef"
	for number in range(2):
		queue(
			site,
			f"reset{number}",
			f"person{number}@example.com",
			retry=1,
			error=REFUSED_LOGIN,
			message=message("Password Reset", text),
			reference_doctype=None,
			reference_name=None,
			minutes=40,
		)
	queue(site, "other", retry=1, error=REFUSED_LOGIN, reference_doctype=None, minutes=40)


FAULT = Fault(
	title="Password resets are not delivered",
	breaks=breaks,
	check="email.login_mails",
	severity="critical",
	count=2,
	subjects=("reset0", "reset1"),
	also=("email.server", "email.retrying"),
	runbook="drop-login-mails",
)
