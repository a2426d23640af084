"""Mails that failed, and what their last error says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pypika import Order
from pypika.terms import Criterion

from recovery_console.core.backends.sql import DocTable
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site

QUEUE = "Email Queue"
RECIPIENT = "Email Queue Recipient"
#: Still to be sent.
OPEN = ("Not Sent", "Partially Sent")
#: Errors are read of at most so many mails, the newest; how many there are is counted apart.
MOST_READ = 1000
#: The exception stands at the end of a traceback.
TAIL = 4000

_EXCEPTION = re.compile(
	r"^([A-Za-z_][\w.]*(?:[Ee]rror|Exception|Refused|Disconnected|Credentials|Timeout)\w*)(?::|$)"
)
_CODE = re.compile(r"\((\d{3}),|\b([45]\d\d)[ -][45]\.\d+\.\d+")
_ADDRESS = re.compile(r"[^\s<>\"'{(,;:]+@[^\s<>\"'}),;:]+")
#: Answers of a server about one recipient, not about the sender or the account.
_ABOUT_RECIPIENT = ("SMTPRecipientsRefused",)
#: Errors of the way to our own server, or of its log-in: no recipient has a part in them.
_ABOUT_ACCOUNT = (
	"ConnectionRefusedError",
	"InvalidEmailCredentials",
	"SMTPAuthenticationError",
	"SMTPConnectError",
	"SMTPNotSupportedError",
	"SSLCertVerificationError",
	"SSLError",
	"TimeoutError",
	"gaierror",
)


@dataclass(frozen=True)
class Cause:
	"""Why a mail failed: the exception's name and, where a mail server answered, its code."""

	exception: str
	code: str = ""

	@property
	def label(self) -> str:
		return f"{self.exception} {self.code}".strip()

	@property
	def about_recipient(self) -> bool:
		"""Whether the server refused the recipient for good, while it may well take other mails."""
		return self.exception in _ABOUT_RECIPIENT and not self.code.startswith("4")

	@property
	def about_account(self) -> bool:
		"""Whether our own mail server was not reached, or did not let us in."""
		return self.exception in _ABOUT_ACCOUNT


@dataclass(frozen=True)
class Failure:
	"""One mail whose last attempt failed."""

	name: str
	status: str
	retry: int
	modified: datetime | None
	account: str
	cause: Cause
	message: str
	addresses: frozenset[str]


def gave_up(t: DocTable) -> Criterion:
	"""Frappe tried as often as it may and stopped."""
	return Criterion.all([t.status == "Error"])


def will_retry(t: DocTable) -> Criterion:
	"""An attempt failed, and there will be another one."""
	return Criterion.all([t.status.isin(OPEN), t.retry > 0])


def within(site: Site, t: DocTable, window: timedelta) -> Criterion:
	"""Changed within the window. To be used beside the status, whose index bounds what is read."""
	return Criterion.all([t.modified >= site.ago(window)])


def count(site: Site, which: Criterion, t: DocTable, window: timedelta) -> int:
	"""Return exactly how many mails of a kind there are in the window."""
	return site.db.count(site.db.from_(t).where(which & within(site, t, window)))


def read_failures(site: Site, which: Criterion, t: DocTable, window: timedelta) -> list[Failure]:
	"""Return failed mails of the window, newest first, at most ``MOST_READ``."""
	rows = site.db.run(
		site.db.from_(t)
		.select(t["name"], t.status, t.retry, t.modified, t.email_account, t.error)
		.where(which & within(site, t, window))
		.orderby(t.modified, order=Order.desc)
		.limit(MOST_READ)
	)
	return [_failure(site, row) for row in rows]


def _failure(site: Site, row: dict[str, Any]) -> Failure:
	tail = str(row["error"] or "")[-TAIL:]
	return Failure(
		name=str(row["name"]),
		status=str(row["status"]),
		retry=int(row["retry"] or 0),
		modified=site.moment(row["modified"]),
		account=str(row["email_account"] or ""),
		cause=cause_of(tail),
		message=last_line(tail),
		addresses=frozenset(address.lower() for address in _ADDRESS.findall(tail)),
	)


def cause_of(error: str) -> Cause:
	"""Return what kind of failure the end of a traceback tells of.

	Frappe wraps what the network said in a general ValidationError; then the error before that one counts.
	"""
	causes: list[Cause] = []
	for line in error.splitlines():
		found = _EXCEPTION.match(line)
		answer = _CODE.search(line)
		code = (answer[1] or answer[2]) if answer else ""
		if found:
			causes.append(Cause(found[1].rpartition(".")[2], code))
		elif causes and code:
			causes[-1] = replace(causes[-1], code=code)
	if not causes:
		return Cause("Unknown")
	return causes[-2] if causes[-1].exception == "ValidationError" and len(causes) > 1 else causes[-1]


def last_line(error: str) -> str:
	"""Return the last line of an error that says something, without secrets and names."""
	lines = [line.strip() for line in error.splitlines() if line.strip()]
	return re.sub(r"[{}]", "", redact_text(lines[-1], personal=True))[:200] if lines else ""


def grouped(failures: Iterable[Failure]) -> list[tuple[Cause, list[Failure]]]:
	"""Return failures by cause, the most frequent first."""
	groups: dict[Cause, list[Failure]] = {}
	for failure in failures:
		groups.setdefault(failure.cause, []).append(failure)
	return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0].label))


def accounts_of(failures: Iterable[Failure], most: int) -> list[str]:
	"""Return the accounts that the most of these mails name."""
	named = Counter(failure.account for failure in failures if failure.account)
	return [name for name, _count in named.most_common(most)]
