"""What the written guides ask of the database, and the checks that answer the same questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.fill import Execute

DAY = "creation >= '{now}' - INTERVAL 24 HOUR"


@dataclass(frozen=True)
class Question:
	"""A question, as the guides put it to MariaDB, and the checks that put it for us."""

	asks: str
	statements: Sequence[str]
	checks: Sequence[str]


QUESTIONS = (
	Question(
		"How does the mail queue stand, and what failed of late?",
		(
			"SELECT status, COUNT(*) AS n, MIN(creation) AS oldest FROM `tabEmail Queue`"
			" GROUP BY status ORDER BY n DESC",
			f"SELECT * FROM `tabEmail Queue` WHERE status = 'Error' AND {DAY} ORDER BY creation DESC LIMIT 10",
		),
		("email.stuck_sending", "email.starving", "email.retrying", "email.given_up"),
	),
	Question(
		"Which errors came of late?",
		(
			f"SELECT * FROM `tabError Log` WHERE error LIKE '%authentication%' AND {DAY} ORDER BY creation DESC LIMIT 10",
			f"SELECT * FROM `tabError Log` WHERE error LIKE '%boekhouden%' AND {DAY} ORDER BY creation DESC LIMIT 10",
			"SELECT * FROM `tabError Log` WHERE error LIKE '%timeout%' ORDER BY creation DESC LIMIT 10",
			f"SELECT * FROM `tabError Log` WHERE {DAY} ORDER BY creation DESC",
		),
		("errors.repeated", "errors.rate"),
	),
	Question(
		"Were payments booked twice?",
		(
			"SELECT reference_no, COUNT(*) AS n, SUM(paid_amount) AS total FROM `tabPayment Entry`"
			" WHERE reference_no IS NOT NULL GROUP BY reference_no HAVING n > 1",
		),
		("payments.duplicates",),
	),
	Question(
		"Do members stand twice?",
		(
			"SELECT email, COUNT(*) AS n, GROUP_CONCAT(name) AS ids FROM `tabMember`"
			" WHERE email IS NOT NULL GROUP BY email HAVING n > 1",
		),
		("data.duplicate_parties",),
	),
	Question(
		"Do mandates stand twice?",
		(
			"SELECT iban, COUNT(*) AS n, GROUP_CONCAT(name) AS ids FROM `tabSEPA Mandate`"
			" WHERE status = 'Active' GROUP BY iban HAVING n > 1",
		),
		("sepa.mandate_duplicate",),
	),
)


def ask(execute: Execute, now: str) -> dict[Question, float]:
	"""Ask the database every question as the guides do, warm, and return the shortest times."""
	found = {}
	for question in QUESTIONS:
		statements = [text.replace("{now}", now) for text in question.statements]

		def work(statements: Sequence[str] = statements) -> None:
			for statement in statements:
				execute(statement)

		found[question] = shortest(work, 2)
	return found


def shortest(work: Callable[[], None], times: int) -> float:
	"""Return the shortest of several times that something took."""
	taken = []
	for _time in range(times):
		start = time.perf_counter()
		work()
		taken.append(time.perf_counter() - start)
	return min(taken)
