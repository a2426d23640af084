"""What a failed job died of, read from its exception text."""

from __future__ import annotations

import re

from recovery_console.core.record import dataclass

#: A class with its module, or one of Python's own, which begin with a capital.
_NAME = re.compile(r"(?:(?:[A-Za-z_]\w*\.)+(\w+)|([A-Z]\w*))(?:: ?(.*))?$", re.DOTALL)
_CODE = re.compile(r"\((\d{4}), ")
#: Texts that RQ itself writes where there is no exception.
_OF_RQ = (
	("Work-horse terminated unexpectedly", "worker killed"),
	("AbandonedJobError", "worker lost"),
	("stuck in intermediate queue", "worker lost"),
	("Job stopped by user", "stopped by a user"),
)
LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Death:
	"""The class of an error, for grouping, and its message."""

	error: str
	message: str


def read_death(exception: str) -> Death:
	"""Return what a job died of."""
	text = exception.strip("\n").rstrip()
	for sign, error in _OF_RQ:
		if sign in text[-1000:]:
			return Death(error, text.splitlines()[-1][:LONGEST_MESSAGE])
	line = _last_exception(text)
	if not (found := _NAME.match(line)):
		return Death("no error text" if not text else "unreadable error", line[:LONGEST_MESSAGE])
	name, message = found[1] or found[2], (found[3] or "").strip()
	code = _CODE.match(message)
	return Death(f"{name} {code[1]}" if code else name, message[:LONGEST_MESSAGE])


def _last_exception(text: str) -> str:
	"""Return the exception under the last frame of a traceback; else the last line."""
	lines = text.splitlines()
	frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
	if frames:
		for number in range(frames[-1] + 1, len(lines)):
			if lines[number] and not lines[number].startswith(" "):
				return "\n".join(lines[number:])
	return lines[-1] if lines else ""
