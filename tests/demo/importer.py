"""Imports rows into a sample site in a process of its own, which the demonstration kills half-way."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from datetime import datetime


def run(path: str, name: str, rows: int, stop_after: int, now: str) -> None:
	"""Log row after row, every fourth as failed, and then hang in the middle as if a row took for ever."""
	database = sqlite3.connect(path, isolation_level=None, timeout=10)
	database.execute(
		"UPDATE \"tabData Import\" SET payload_count = ?, status = 'Partial Success' WHERE name = ?",
		[rows, name],
	)
	for index in range(1, stop_after + 1):
		failed = index % 4 == 0
		database.execute(
			'INSERT INTO "tabData Import Log" (name, creation, modified, owner, modified_by, docstatus, idx, data_import,'
			" docname, success, log_index, row_indexes, exception, messages) VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?)",
			[
				f"{name}-{index}",
				now,
				now,
				"Administrator",
				"Administrator",
				name,
				None if failed else f"CUST-{index:05d}",
				0 if failed else 1,
				index,
				json.dumps([index + 1]),
				"frappe.exceptions.MandatoryError: [Customer, ]: customer_name" if failed else None,
				"[]",
			],
		)
	print("half-way", flush=True)  # noqa: T201
	while True:
		time.sleep(60)


if __name__ == "__main__":
	run(
		sys.argv[1],
		sys.argv[2],
		int(sys.argv[3]),
		int(sys.argv[4]),
		datetime.fromisoformat(sys.argv[5]).isoformat(" "),
	)
