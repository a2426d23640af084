"""Imports in every state, with their log and file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite

BANK = "Bank Statement Import"


def add_import(
	site: SampleSite,
	name: str,
	*,
	doctype: str = "Data Import",
	status: str = "Pending",
	total: int | None = None,
	done: int = 0,
	failed: Sequence[int] = (),
	exception: str = "frappe.exceptions.MandatoryError: [Contact, x]: first_name",
	hours: float = 3,
	**values: Any,
) -> str:
	"""Insert an import that last changed so many hours ago, and log ``done`` rows from row 2 on and ``failed`` ones."""
	moment = site.hours_ago(hours)
	if "import_file" not in values:
		values["import_file"] = add_file(
			site, f"{name}-import.csv", "First Name\nAnna\n", doctype, name, creation=moment
		)
	if doctype == "Data Import":
		values["payload_count"] = total
	site.insert(
		doctype,
		name=name,
		reference_doctype="Bank Transaction" if doctype == BANK else "Contact",
		import_type="Insert New Records",
		status=status,
		**{"creation": moment, "modified": moment} | values,
	)
	good = [row for row in range(2, 2 + done + len(failed)) if row not in failed][:done]
	_log(site, name, good, 1, "", moment)
	_log(site, name, failed, 0, f"Traceback (most recent call last):\n  File\n{exception}", moment)
	return name


def _log(
	site: SampleSite, name: str, rows: Sequence[int], success: int, exception: str, moment: datetime
) -> None:
	site.insert_many(
		"Data Import Log",
		[
			{
				"data_import": name,
				"success": success,
				"row_indexes": json.dumps([row]),
				"exception": exception,
				"log_index": row - 2,
				"messages": "[]",
				"creation": moment,
			}
			for row in rows
		],
	)


def add_import_job(site: SampleSite, name: str, *, doctype: str = "Data Import", **values: Any) -> str:
	"""Add the job that Frappe makes for an import."""
	kind = "bank_statement_import" if doctype == BANK else "data_import"
	return site.add_job(
		"default",
		method="frappe.core.doctype.data_import.data_import.start_import",
		job_id=f"{kind}::{name}",
		kwargs={"data_import": name},
		timeout=10000,
		**values,
	)
