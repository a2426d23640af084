"""Trying patterns that people wrote without letting one of them hold up anything."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("trial.py")
#: Computing time for one pattern on all its lines.
SECONDS_PER_PATTERN = 0.1
#: Time for all of them together.
SECONDS_IN_ALL = 1.5
#: A slow pattern is not tried again for so long.
FORGIVEN_AFTER_SECONDS = 600.0

Request = tuple[str, Sequence[str]]
Spans = list["list[int] | None"]

_slow: dict[str, float] = {}
_TOO_SLOW = (
	f"it took longer than {SECONDS_PER_PATTERN:g} s on one text; write it without a repeat inside a repeat"
)


def try_all(requests: Sequence[Request]) -> list[Spans | str]:
	"""Run patterns on lines; each answer is a place or None per line, or a text that says why there is none."""
	answers: dict[int, Spans | str] = {}
	waiting = []
	for number, (pattern, _) in enumerate(requests):
		if time.monotonic() - _slow.get(pattern, -FORGIVEN_AFTER_SECONDS) < FORGIVEN_AFTER_SECONDS:
			answers[number] = _TOO_SLOW
		else:
			waiting.append(number)
	ends = time.monotonic() + SECONDS_IN_ALL
	while waiting and time.monotonic() < ends:
		done, failure = _run([requests[number] for number in waiting], ends - time.monotonic())
		answers.update(zip(waiting, done, strict=False))
		waiting = waiting[len(done) :]
		if waiting and failure:
			slow = waiting.pop(0)
			answers[slow] = failure
			if failure == _TOO_SLOW:
				_slow[requests[slow][0]] = time.monotonic()
	late = "it was not tried: the patterns before it used up the time"
	return [answers.get(number, late) for number in range(len(requests))]


def _run(requests: Sequence[Request], seconds: float) -> tuple[list[Spans], str]:
	"""Return the answers that one process gave, and why it did not answer the next request."""
	with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
		file.writelines(json.dumps(request) + "\n" for request in requests)
		file.seek(0)
		try:
			ended = subprocess.run(  # noqa: S603 (our own file, with our own interpreter)
				[sys.executable, "-I", "-S", str(_PROGRAM), str(SECONDS_PER_PATTERN)],
				stdin=file,
				capture_output=True,
				timeout=seconds,
				check=False,
			)
		except subprocess.TimeoutExpired as error:
			return _answers(error.stdout), ""
		except OSError as error:
			return [], f"it could not be tried: {error.strerror or error}"
	if ended.returncode == -signal.SIGVTALRM:
		return _answers(ended.stdout), _TOO_SLOW
	return _answers(ended.stdout), "it could not be tried" if ended.returncode else ""


def _answers(output: bytes | None) -> list[Any]:
	"""Return the complete answers; a process that was ended may have left half a line."""
	return [json.loads(line) for line in (output or b"").splitlines(keepends=True) if line.endswith(b"\n")]
