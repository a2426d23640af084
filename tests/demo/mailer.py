"""Sends one mail of a sample site's queue in a process of its own: it can be refused, and it can be killed."""

from __future__ import annotations

import smtplib
import sqlite3
import sys
import traceback


def send(path: str, name: str, host: str, port: int, login: str) -> None:
	"""Mark a mail as being sent, send it, and write down how that ended, as Frappe's flush does."""
	database = sqlite3.connect(path, isolation_level=None, timeout=10)
	recipient = database.execute(
		'SELECT recipient FROM "tabEmail Queue Recipient" WHERE parent = ?', [name]
	).fetchone()
	database.execute("UPDATE \"tabEmail Queue\" SET status = 'Sending' WHERE name = ?", [name])
	print("sending", flush=True)  # noqa: T201 (tells the demonstration that it may pull the plug now)
	try:
		with smtplib.SMTP(host, port, timeout=60) as server:
			if login:
				server.login(login, "a password of last year")
			server.sendmail(
				"notifications@example.org", [recipient[0]], b"Subject: Invoice\n\nPlease find it attached."
			)
	except (OSError, smtplib.SMTPException):
		database.execute(
			"UPDATE \"tabEmail Queue\" SET status = 'Error', retry = 3, error = ? WHERE name = ?",
			[traceback.format_exc(), name],
		)
	database.close()


if __name__ == "__main__":
	send(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
