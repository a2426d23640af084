"""Mails taken out of the queue for good, each saved in a file first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recovery_console.core.action import batch
from recovery_console.core.actions.email._mails import QUEUE, RECIPIENT
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.edits.values import pack
from recovery_console.core.plan import Batch
from recovery_console.core.rows import PAGE, deleted, whole_rows
from recovery_console.core.site import Site

#: Below the site's folder, where no web server reaches.
FOLDER = "private/recovery_console/mails"
#: A plan holds mails twice, in the file and in the row; it stops here.
MOST_BYTES = 8 * 1024 * 1024


def taken_out(site: Site, names: Sequence[str]) -> Iterator[Batch]:
	"""Yield for each mail the batch that saves it in a file and deletes it with its recipients.

	Ends early where the mails grow too large for one plan; what is left is for another run.
	"""
	size = 0
	for start in range(0, len(names), PAGE):
		page = list(names[start : start + PAGE])
		t, r = table(QUEUE), table(RECIPIENT)
		rows = {
			str(row["name"]): row for row in whole_rows(site, site.db.from_(t).where(t["name"].isin(page)))
		}
		children: dict[str, list[dict[str, Any]]] = {name: [] for name in page}
		for row in whole_rows(site, site.db.from_(r).where(r["parent"].isin(page)).orderby(r["idx"])):
			children[str(row["parent"])].append(row)
		for name in page:
			if name not in rows:
				continue
			made = _batch(site, rows[name], children[name])
			size += len(str(rows[name].get("message") or ""))
			if size > MOST_BYTES:
				return
			yield made


def _batch(site: Site, mail: Mapping[str, Any], recipients: Sequence[Mapping[str, Any]]) -> Batch:
	name = str(mail["name"])
	content = json.dumps(
		{"mail": pack(dict(mail)), "recipients": [pack(dict(row)) for row in recipients]}, indent=1
	)
	file = re.sub(r"[^\w-]", "_", name)[:100]
	path = f"sites/{site.name}/{FOLDER}/{file}.json"
	return batch(
		QUEUE,
		name,
		FileText(path, ABSENT, content.encode()),
		*(deleted(RECIPIENT, row) for row in recipients),
		deleted(QUEUE, mail),
	)
