"""Trying a mail server before an account is changed, so that no setting that fails is saved."""

from __future__ import annotations

from recovery_console.core.backends.smtp import SmtpAccount, SmtpAnswer, probe
from recovery_console.core.checks.email._probe import SECONDS
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _

#: What a failed step is called.
_STEPS = {
	"connect": "could not be reached",
	"encrypt": "did not agree on the encryption",
	"login": "refused the log-in",
}


def tried(account: SmtpAccount) -> list[str]:
	"""Try a server, and return warnings.

	Raises:
		UsageError: No mail would leave with these settings.
	"""
	answer = probe(account, SECONDS)
	if answer.failed_step:
		raise UsageError(
			f"The mail server {account.host}:{account.port} {_STEPS[answer.failed_step]}: {_answer(answer)}.",
			remedy="Correct what was given. To save it all the same, give try_first=no.",
		)
	if answer.certificate:
		return [
			_("The mail server's certificate is not valid: {0}. Frappe does not mind.").format(
				answer.certificate
			)
		]
	return []


def _answer(answer: SmtpAnswer) -> str:
	return (answer.detail or answer.kind).rstrip(".")
