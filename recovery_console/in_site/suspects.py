"""Suspected problems as documents: seen, not yet confirmed, and asked again between two diagnoses."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import frappe

from recovery_console.core.sighting import Sighting
from recovery_console.core.suspicion import Confirmation, Judged, Suspect, Verdict, judge
from recovery_console.core.times import UTC
from recovery_console.in_site import local, plain

DOCTYPE = "Suspected Problem"
#: Those that came to nothing are kept for so long: whoever wonders about a blip finds it.
KEPT = timedelta(days=30)


def suspected() -> list[Suspect]:
	"""Return the problems that wait to be confirmed."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"state": Verdict.SUSPECTED.value},
		fields=["fingerprint", "check_id", "looks", "first_moment", "last_look"],
		limit_page_length=0,
	)
	return [
		Suspect(
			row.fingerprint,
			row.check_id,
			row.looks,
			datetime.fromisoformat(row.first_moment),
			datetime.fromisoformat(row.last_look),
		)
		for row in rows
	]


def look(seen: dict[str, Sighting], looked: Collection[str], now: datetime, rule: Confirmation) -> set[str]:
	"""Write what a look says about suspected problems, and return those that are confirmed.

	Args:
		seen: Problems that would open an incident, by fingerprint.
		looked: Ids of the checks that looked.
		now: When, aware.
		rule: How often a problem must be seen.
	"""
	judged = judge(suspected(), seen, looked, now, rule)
	at_once = {each.suspect.fingerprint for each in judged if each.verdict is Verdict.CONFIRMED}
	for each in judged:
		if rule.looks > 1:  # where the first look is enough nothing is ever suspected
			_write(each)
	return at_once


def _write(judged: Judged) -> None:
	suspect, sighting = judged.suspect, judged.sighting
	digest = hashlib.sha256(suspect.fingerprint.encode()).hexdigest()
	name = frappe.db.get_value(DOCTYPE, {"digest": digest})
	doc = frappe.get_doc(DOCTYPE, name) if name else frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"digest": digest,
			"fingerprint": suspect.fingerprint,
			"check_id": suspect.check,
			"state": judged.verdict.value,
			"looks": suspect.looks,
			"first_moment": suspect.first.astimezone(UTC).isoformat(),
			"last_look": suspect.last.astimezone(UTC).isoformat(),
			"first_seen": local(suspect.first),
		}
	)
	if sighting is not None:
		doc.update(
			{
				"title": plain(sighting.finding["title"])[:240],
				"family": sighting.family,
				"gravity": sighting.finding["severity"],
				"times_seen": (doc.times_seen or 0) + 1,
				"last_seen": local(suspect.last),
				"incident": None,
			}
		)
	doc.flags.from_console = True
	doc.flags.ignore_links = True
	doc.save(ignore_permissions=True)


def opened(names: Iterable[tuple[str, str]]) -> None:
	"""Write which incident came of which suspected problem.

	Args:
		names: Fingerprint and name of each incident.
	"""
	for fingerprint, incident in names:
		digest = hashlib.sha256(fingerprint.encode()).hexdigest()
		frappe.db.set_value(DOCTYPE, {"digest": digest}, "incident", incident, update_modified=False)


def thin(now: datetime) -> None:
	"""Let go of what came to nothing, or has its incident, long ago."""
	frappe.db.delete(
		DOCTYPE,
		{"state": ("!=", Verdict.SUSPECTED.value), "modified": ("<", local(now - KEPT))},
	)
