"""What people may do with an incident, and what they must say."""

from __future__ import annotations

from typing import Any

import pytest

from recovery_console.core import acting
from recovery_console.core.errors import UsageError
from recovery_console.core.people import MANAGER, OPERATOR


@pytest.mark.parametrize(
	("act", "role"),
	[
		("acknowledge", OPERATOR),
		("resolve", OPERATOR),
		("reopen", OPERATOR),
		("snooze", OPERATOR),
		("close", MANAGER),
		("merge", MANAGER),
		("silence", MANAGER),
	],
)
def test_what_ends_a_record_or_hides_one_is_a_managers(act: str, role: str) -> None:
	assert acting.role_for(act) == role


def test_each_act_leads_to_a_status() -> None:
	assert acting.status_of("acknowledge") == "Acknowledged"
	with pytest.raises(UsageError, match="no act 'ignore'"):
		acting.status_of("ignore")


def test_a_title_is_the_same_however_it_is_written() -> None:
	assert acting.by_hand_fingerprint(" Mail  is\nSLOW ") == acting.by_hand_fingerprint("mail is slow")
	assert acting.by_hand_fingerprint("mail is slow").startswith(acting.BY_HAND)


class TestOpening:
	def test_a_severity_is_kept_as_it_is_written_everywhere(self) -> None:
		assert acting.check_opening("Mail", "s2", "Technical") == "S2"

	@pytest.mark.parametrize(
		("title", "severity", "category", "said"),
		[
			(" ", "S1", "Technical", "no title"),
			("Mail", "P1", "Technical", "may mean"),
			("Mail", "S1", "Weather", "'Weather' is no category"),
		],
	)
	def test_what_makes_no_sense_is_refused(
		self, title: str, severity: str, category: str, said: str
	) -> None:
		with pytest.raises(UsageError, match=said):
			acting.check_opening(title, severity, category)


class TestStatus:
	@pytest.mark.parametrize(
		("before", "after", "note"),
		[
			("Detected", "Acknowledged", ""),
			("Reopened", "Investigating", ""),
			("Acknowledged", "Mitigated", ""),
			("Mitigated", "Investigating", ""),
			("Mitigated", "Resolved", "The disk is larger now."),
			("Resolved", "Reopened", "It is back."),
			("Resolved", "Closed", ""),
			("Detected", "Detected", ""),
		],
	)
	def test_what_may_follow(self, before: str, after: str, note: str) -> None:
		acting.check_status(before, after, note)

	@pytest.mark.parametrize(
		("before", "after", "said"),
		[
			("Detected", "Closed", "cannot become Closed"),
			("Detected", "Reopened", "cannot become Reopened"),
			("Acknowledged", "Detected", "cannot become Detected"),
			("Closed", "Reopened", "The incident is closed"),
			("Detected", "Sleeping", "cannot become Sleeping"),
		],
	)
	def test_what_may_not(self, before: str, after: str, said: str) -> None:
		with pytest.raises(UsageError, match=said):
			acting.check_status(before, after, "a note")

	def test_the_refusal_says_what_may(self) -> None:
		with pytest.raises(UsageError) as found:
			acting.check_status("Resolved", "Mitigated", "")
		assert found.value.remedy == "It can become Closed, Reopened."

	@pytest.mark.parametrize(("before", "after"), [("Mitigated", "Resolved"), ("Resolved", "Reopened")])
	def test_whoever_reads_the_record_wants_to_know_why(self, before: str, after: str) -> None:
		with pytest.raises(UsageError, match=f"{after} needs a note"):
			acting.check_status(before, after, "  ")

	@pytest.mark.parametrize(
		("more", "refused"),
		[
			({"severity": "S1", "reviewed": False}, True),
			({"severity": "S2", "reviewed": False}, True),
			({"severity": "S2", "reviewed": True}, False),
			({"severity": "S3", "reviewed": False}, False),
			({"severity": "S1", "reviewed": False, "note": "It was a test."}, False),
		],
	)
	def test_a_severe_one_is_closed_with_its_review_or_a_reason(
		self, more: dict[str, Any], refused: bool
	) -> None:
		given = {"note": "", **more}
		if refused:
			with pytest.raises(UsageError, match="closed when its review is signed"):
				acting.check_status("Resolved", "Closed", **given)
		else:
			acting.check_status("Resolved", "Closed", **given)

	def test_nothing_is_done_with_one_that_was_merged_but_told_where_to_go(self) -> None:
		with pytest.raises(UsageError, match="merged into INC-2") as found:
			acting.check_status("Closed", "Reopened", "x", merged="INC-2")
		assert found.value.remedy == "Do it with INC-2."


class TestSeverity:
	def test_a_person_who_changes_it_says_why(self) -> None:
		assert acting.check_severity("S2", "s1", "The whole club waits.") == "S1"
		with pytest.raises(UsageError, match="needs a reason"):
			acting.check_severity("S2", "S1", "")

	def test_what_stays_needs_no_reason(self) -> None:
		assert acting.check_severity("S2", "S2", "") == "S2"


def test_an_empty_note_is_none() -> None:
	acting.check_note("seen")
	with pytest.raises(UsageError, match="note is empty"):
		acting.check_note(" \n")


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"into": "INC-1"}, "into itself"),
		({"status": "Closed"}, "is closed"),
		({"merged": "INC-3"}, "merged into INC-3"),
		({"into_merged": "INC-3"}, "INC-2 was itself merged into INC-3"),
		({"into_status": "Closed"}, "INC-2 is closed"),
	],
)
def test_what_cannot_be_merged(change: dict[str, str], said: str) -> None:
	given = {
		"name": "INC-1",
		"into": "INC-2",
		"status": "Detected",
		"into_status": "Resolved",
		"merged": "",
		"into_merged": "",
	}
	acting.check_merge(**given)
	with pytest.raises(UsageError, match=said):
		acting.check_merge(**{**given, **change})
