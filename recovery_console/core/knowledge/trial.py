"""Runs patterns that people wrote, in a process of its own that the system ends when one takes too long.

Python cannot stop a pattern once it runs, and a pattern such as ``(error+)+$`` can run for days. So this file is
started as a program: it reads one JSON list ``[pattern, [line, …]]`` per line and answers each with the place
where the pattern first matches in each line, or with null. It sets a timer on its own computing time before each pattern,
and the signal of that timer ends it. Who started it sees from the number of answers which pattern it was.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Iterable
from typing import TextIO


def try_patterns(requests: Iterable[str], answers: TextIO, seconds: float) -> None:
	"""Answer each request. With ``seconds`` above zero, this process ends when one takes longer."""
	for request in requests:
		pattern, lines = json.loads(request)
		signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
		expression = re.compile(pattern, re.MULTILINE)
		found = [expression.search(line) for line in lines]
		signal.setitimer(signal.ITIMER_VIRTUAL, 0)
		answers.write(json.dumps([match and match.span() for match in found]) + "\n")
		answers.flush()


if __name__ == "__main__":
	try_patterns(sys.stdin, sys.stdout, float(sys.argv[1]))
