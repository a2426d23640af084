"""Save errors that wait in Redis in Error Log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.checks.errors._groups import DOCTYPE
from recovery_console.core.edits import ABSENT, Absent, ListEdit
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import inserted
from recovery_console.core.site import Site

#: What is taken over from what Frappe noted, and how long it may be.
FIELDS = {"method": 140, "error": 1_000_000, "reference_doctype": 140, "reference_name": 140, "trace_id": 140}


@dataclass(frozen=True)
class SaveWaiting(Action):
	"""Write the errors of web requests that wait in Redis to Error Log, as the scheduled job does that does not run.

	Works without Frappe and without workers. A restart of Redis would lose them.
	"""

	title = _("Save waiting errors in Error Log")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("errors.waiting",)
	batch_size = 100

	most: int = 2000

	def plan(self, site: Site) -> Plan:
		key = f"{site.config.get('db_name')}|insert_queue_for_{DOCTYPE}".encode()
		with site.cache.client() as client:
			waiting = int(client.llen(key))
			found: list[bytes] = client.lrange(key, 0, min(self.most, waiting) - 1) if waiting else []
		left_out: list[LeftOut] = []
		batches = list(self._batches(site, key, found, left_out))
		return self.planned(
			site,
			_("Waiting entries to save in Error Log: {count}"),
			batches,
			most=self.most,
			warnings=[_("They bear the time of now: when each of them happened is not noted.")]
			if batches
			else [],
			left_out=left_out[:20],
			waiting=waiting,
			left_out_in_all=len(left_out),
		)

	def _batches(
		self, site: Site, key: bytes, found: list[bytes], left_out: list[LeftOut]
	) -> Iterator[Batch]:
		seen: set[bytes] = set()
		before: bytes | Absent = ABSENT
		for element in found:
			records = _records(element)
			mark = hashlib.sha256(element).hexdigest()[:16]
			if element in seen or not records:
				why = _("The same entry comes twice.") if element in seen else _("It cannot be read.")
				left_out.append(LeftOut(Subject("Redis list element", mark), why))
			else:
				rows = [
					inserted(DOCTYPE, self._row(site, f"{mark[:8]}{number:02}", record))
					for number, record in enumerate(records)
				]
				yield batch(DOCTYPE, mark, *rows, ListEdit("cache", key, element, True, False, before))
			seen.add(element)
			before = element

	@staticmethod
	def _row(site: Site, name: str, record: dict[str, Any]) -> dict[str, Any]:
		now = site.ago(timedelta(0))
		values = {
			field: str(record[field])[:length]
			for field, length in FIELDS.items()
			if record.get(field) and site.has_doctype(DOCTYPE, field)
		}
		who = str(record.get("owner") or "Administrator")[:140]
		fixed = {"name": name, "creation": now, "modified": now, "owner": who, "modified_by": who}
		return {**fixed, "docstatus": 0, "idx": 0, "seen": 0, **values}


def _records(element: bytes) -> list[dict[str, Any]]:
	"""Return the errors that one entry of the list holds; none where it cannot be read."""
	try:
		found = json.loads(element)
	except ValueError:
		return []
	each = found if isinstance(found, list) else [found]
	return [
		record
		for record in each
		if isinstance(record, dict) and (record.get("error") or record.get("method"))
	]
