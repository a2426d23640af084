"""Finding known errors in a text, from one line to a log of many megabytes."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from recovery_console.core.knowledge.entry import KnownError, known_errors
from recovery_console.core.knowledge.patterns import Required, pattern_problem, required
from recovery_console.core.knowledge.sandbox import try_all

logger = logging.getLogger(__name__)

#: So much of a line is looked at before and after the fixed text of a pattern.
REACH = 1_000
#: So many lines are looked at for one known error: beyond, ``count`` says at least.
MOST_LINES = 50_000
MOST_LINES_FOR_SITE = 50
LONGEST_EXCERPT = 300


@dataclass(frozen=True)
class Match:
	"""A known error found in a text.

	Args:
		error: Which one.
		excerpt: The line in which it was found first, shortened. Not redacted.
		line: Number of that line, from 1.
		count: On how many lines it was found.
		position: Where in the text the match begins.
		weight: How much fixed text speaks for it: the more, the more certain.
	"""

	error: KnownError
	excerpt: str
	line: int
	count: int
	position: int
	weight: int


@dataclass(frozen=True)
class PatternProblem:
	"""A site's own entry that cannot be used, and why."""

	id: str
	reason: str


@dataclass(frozen=True)
class Explanation:
	"""What is known about a text: the known errors in it, most specific first, and entries that could not be tried."""

	matches: tuple[Match, ...] = ()
	problems: tuple[PatternProblem, ...] = ()


def explain_text(
	text: str, *, extra: Sequence[KnownError] = (), without: Collection[str] = (), limit: int = 5
) -> list[Match]:
	"""Return the known errors in a text, most specific first. See ``explain``."""
	explanation = explain(text, extra=extra, without=without, limit=limit)
	for problem in explanation.problems:
		logger.warning("Known Error %s cannot be used: %s", problem.id, problem.reason)
	return list(explanation.matches)


def explain(
	text: str, *, extra: Sequence[KnownError] = (), without: Collection[str] = (), limit: int = 5
) -> Explanation:
	"""Look for known errors in a text.

	Args:
		text: An error message, a traceback, a log.
		extra: A site's own entries (``site_errors``). One that is wrong or slow is named in ``problems`` and
			takes nothing from the others.
		without: Ids of entries that are not looked for (``switched_off``).
		limit: How many to return.
	"""
	known = [entry for entry in _matchers() if entry[0].id not in without]
	found = [match for entry in known if (match := _look(text, *entry)) is not None]
	problems: list[PatternProblem] = []
	extra = [entry for entry in extra if entry.id not in without]
	if extra:
		from_site, problems = _look_for_site(text, extra)
		found = from_site + found
	found.sort(key=lambda match: (-match.weight, not match.error.of_site, match.position))
	return Explanation(tuple(_numbered(match, text) for match in found[:limit]), tuple(problems))


@lru_cache(maxsize=1)
def _matchers() -> tuple[tuple[KnownError, re.Pattern[str], tuple[str, ...]], ...]:
	return tuple(
		(error, re.compile(error.pattern, re.MULTILINE), required(error.pattern).texts)
		for error in known_errors()
	)


def _look(text: str, error: KnownError, expression: re.Pattern[str], texts: tuple[str, ...]) -> Match | None:
	present = [fixed for fixed in texts if fixed in text]
	if not present:
		return None
	first: re.Match[str] | None = None
	weight = 0
	lines: set[int] = set()
	for fixed in present:
		for start, end in _windows(text, fixed, MOST_LINES):
			match = expression.search(text, start, end)
			if match is None:
				continue
			lines.add(start)
			weight = max(weight, len(fixed))
			if first is None or match.start() < first.start():
				first = match
	return first and Match(error, _excerpt(text, *first.span()), 0, len(lines), first.start(), weight)


def _windows(text: str, fixed: str, most: int) -> Iterator[tuple[int, int]]:
	"""Yield the lines that hold a fixed text, as far as they reach to both sides of it."""
	place, end = text.find(fixed), 0
	while place >= 0 and most > 0:
		start, new_end = _line(text, place, place + len(fixed))
		yield max(start, end), new_end
		most, end = most - 1, new_end
		place = text.find(fixed, end)


def _line(text: str, start: int, end: int) -> tuple[int, int]:
	"""Return where the line around a place begins and ends, within reach."""
	furthest = max(0, start - REACH)
	begins = max(text.rfind("\n", furthest, start) + 1, furthest)
	ends = text.find("\n", end, end + REACH)
	if ends < 0:
		ends = min(len(text), end + REACH)
	if ends > end and text[ends - 1] == "\r":
		ends -= 1
	return begins, ends


def _look_for_site(text: str, extra: Iterable[KnownError]) -> tuple[list[Match], list[PatternProblem]]:
	usable, problems = [], []
	lower = _Lower(text)
	for error in extra:
		if reason := pattern_problem(error.pattern):
			problems.append(PatternProblem(error.id, reason))
		elif places := _places(lower, required(error.pattern)):
			usable.append((error, places))
	requests = [(error.pattern, [text[start:end] for start, end in places]) for error, places in usable]
	matches = []
	for (error, places), answer in zip(usable, try_all(requests) if requests else (), strict=True):
		if isinstance(answer, str):
			problems.append(PatternProblem(error.id, answer))
			continue
		spans = [(place, span) for place, span in zip(places, answer, strict=True) if span is not None]
		if spans:
			(start, _), span = spans[0]
			place = start + span[0]
			excerpt = _excerpt(text, place, start + span[1])
			weight = min(map(len, required(error.pattern).texts))
			matches.append(Match(error, excerpt, 0, len(spans), place, weight))
	return matches, problems


@dataclass
class _Lower:
	"""A text, and the same in lower case once somebody asks for it. Both have the same length."""

	text: str
	_lower: str = field(default="", repr=False)

	def get(self, ignore_case: bool) -> str:
		if not ignore_case:
			return self.text
		if not self._lower:
			lowered = self.text.lower()
			# A few letters grow when they are lowered: places would no longer fit.
			self._lower = lowered if len(lowered) == len(self.text) else _lowered_evenly(self.text)
		return self._lower


def _lowered_evenly(text: str) -> str:
	return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _places(text: _Lower, needed: Required) -> list[tuple[int, int]]:
	searched = text.get(needed.ignore_case)
	places = {place for fixed in needed.texts for place in _windows(searched, fixed, MOST_LINES_FOR_SITE)}
	return sorted(places)[:MOST_LINES_FOR_SITE]


def _excerpt(text: str, start: int, end: int) -> str:
	"""Return the line of a match, cut to what surrounds it."""
	begins, ends = _line(text, start, min(end, start + LONGEST_EXCERPT))
	before, after = max(begins, start - LONGEST_EXCERPT // 3), min(ends, start + LONGEST_EXCERPT * 2 // 3)
	cut = text[before:after].strip()
	return ("…" if before > begins else "") + cut + ("…" if after < ends else "")


def _numbered(match: Match, text: str) -> Match:
	return replace(match, line=text.count("\n", 0, match.position) + 1)
