"""What the console says when it cannot go on: what happened, what was changed, what to do next."""

from __future__ import annotations

from typing import Any

NOTHING_CHANGED = "Nothing was changed."


class ConsoleError(Exception):
	"""Something stopped the console.

	Args:
		message: What happened, with the names and paths that a reader needs.
		remedy: What to do next. There is no default: an error without advice cannot be written.
		changed: What had already been changed when it happened.
	"""

	#: exit status of the command line, from sysexits.h
	exit_status = 70

	def __init__(self, message: str, *, remedy: str, changed: str = NOTHING_CHANGED) -> None:
		super().__init__(message)
		self.message = message
		self.remedy = remedy
		self.changed = changed

	def __str__(self) -> str:
		return f"{self.message}\n{self.changed}\n{self.remedy}"

	def __reduce__(self) -> tuple[Any, ...]:
		# Exceptions with keywords of their own cannot be sent to another process without this.
		return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: type[ConsoleError], args: tuple[Any, ...], fields: dict[str, Any]) -> ConsoleError:
	error = kind.__new__(kind, *args)
	error.__dict__.update(fields)
	return error


class UsageError(ConsoleError):
	"""The request itself makes no sense: an unknown check, an option of the wrong type."""

	exit_status = 64


class NotFoundError(ConsoleError):
	"""There is no such bench or site on this machine."""

	exit_status = 66


class OutputError(ConsoleError):
	"""A report could not be written to where it was asked for."""

	exit_status = 73


class SourceUnavailable(ConsoleError):  # noqa: N818 (the contract's name; it is a state, not a mistake)
	"""A source of evidence (database, Redis, files …) did not answer.

	The runner turns it into the status ``unknown`` of the checks that needed the source.

	Args:
		source: Name of the source, such as ``database`` or ``queue``.
		reason: Why it did not answer, in one sentence, free of secrets.
		remedy: What to do next.
		kind: Machine-readable cause, such as ``refused`` or ``denied``; checks may branch on it.
	"""

	exit_status = 69

	def __init__(self, source: str, reason: str, *, remedy: str, kind: str = "unavailable") -> None:
		super().__init__(reason, remedy=remedy)
		self.source = source
		self.reason = reason
		self.kind = kind


class NotApplicable(Exception):  # noqa: N818 (a state, not a mistake)
	"""A check finds, while it runs, that its question makes no sense on this site.

	The runner turns it into the status ``skipped``. A check raises it before its first finding.

	Args:
		reason: What this site lacks, in one sentence.
	"""

	def __init__(self, reason: str) -> None:
		super().__init__(reason)
		self.reason = reason
