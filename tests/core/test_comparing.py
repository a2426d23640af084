"""Two diagnoses compared."""

from __future__ import annotations

from typing import Any

from recovery_console.core.comparing import MOST_NUMBERS, compare


def finding(fingerprint: str, severity: str = "warning", count: int = 2) -> dict[str, Any]:
	return {"fingerprint": fingerprint, "severity": severity, "count": count, "title": fingerprint}


def snapshot(*findings: dict[str, Any], blind: tuple[str, ...] = (), **numbers: float) -> dict[str, Any]:
	"""Build a snapshot of two checks; a blind one could not look."""
	checks = []
	for check in ("email.stuck", "jobs.redis"):
		own = [item for item in findings if item["fingerprint"].startswith(check)]
		checks.append({"id": check, "status": "unknown" if check in blind else "ok", "findings": own})
	return {
		"report": {"frappe": "15.1", "console": "0.1", "host": "a", "checks": checks},
		"families": {"email": "warning" if findings else "ok"},
		"measurements": numbers,
	}


def prints(findings: list[dict[str, Any]]) -> list[str]:
	return [item["fingerprint"] for item in findings]


def test_nothing_differs_from_itself() -> None:
	same = snapshot(finding("email.stuck"), depth=4)
	told = compare(same, same)
	assert not any(told[name] for name in told if name != "findings_known")
	assert told["findings_known"]


def test_what_is_new_and_what_is_over_the_worst_first() -> None:
	told = compare(
		snapshot(finding("email.stuck:a")),
		snapshot(finding("email.stuck:b"), finding("jobs.redis", "critical")),
	)
	assert prints(told["appeared"]) == ["jobs.redis", "email.stuck:b"]
	assert prints(told["gone"]) == ["email.stuck:a"]


def test_what_grew_tells_how_it_was() -> None:
	[changed] = compare(
		snapshot(finding("email.stuck", count=2)), snapshot(finding("email.stuck", "critical", 9))
	)["changed"]
	assert (changed["before"], changed["count"]) == ({"severity": "warning", "count": 2}, 9)


def test_a_check_that_could_not_look_makes_nothing_new_and_nothing_over() -> None:
	seen = snapshot(finding("email.stuck"))
	blind = snapshot(blind=("email.stuck",))
	for older, newer in ((seen, blind), (blind, seen)):
		told = compare(older, newer)
		assert (told["appeared"], told["gone"]) == ([], [])
		assert prints(told["out_of_sight"]) == ["email.stuck"]


def test_numbers_by_how_much_they_changed() -> None:
	told = compare(
		snapshot(same=100, grew=10, gone=5, near=100), snapshot(same=100, grew=20, gone=0, near=119)
	)
	assert [(item["name"], item["share"]) for item in told["numbers"]] == [("gone", -1.0), ("grew", 0.5)]
	many = {f"n{number}": 1.0 for number in range(50)}
	assert len(compare(snapshot(**many), snapshot(**dict.fromkeys(many, 9.0)))["numbers"]) == MOST_NUMBERS


def test_without_its_report_only_families_and_numbers_are_compared() -> None:
	older = snapshot(finding("email.stuck"), depth=1) | {"report": None}
	told = compare(older, snapshot(depth=4))
	assert not told["findings_known"]
	assert told["gone"] == []
	assert told["families"] == [{"name": "email", "before": "warning", "after": "ok"}]
	assert told["numbers"][0]["name"] == "depth"


def test_versions_that_differ() -> None:
	older, newer = snapshot(), snapshot()
	newer["report"]["frappe"] = "15.2"
	assert compare(older, newer)["versions"] == [{"name": "frappe", "before": "15.1", "after": "15.2"}]
