"""What a transaction needs that others may end: databases take back whole what meets another writer."""

import random
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import frappe

_T = TypeVar("_T")
_ATTEMPTS = 4


def back_to(save_point: str) -> None:
	"""Take back what was written since a savepoint, and keep what was written before.

	Raises:
		frappe.QueryDeadlockError: The savepoint is gone, because the transaction was ended meanwhile: what was written before
			it is gone as well, or was committed by somebody else's code. Whoever began it must begin anew.
	"""
	try:
		frappe.db.rollback(save_point=save_point)
	except Exception as error:
		raise frappe.QueryDeadlockError(
			f"The transaction of the savepoint {save_point} was ended before it was done."
		) from error


def until_written(do: Callable[[], _T]) -> _T:
	"""Do something that writes, and do it again where the database took it back because it met another writer.

	It must be the first thing in its transaction that writes: all of it is taken back.

	Raises:
		frappe.QueryDeadlockError: It met others again and again; nothing was changed.
	"""
	for attempt in range(1, _ATTEMPTS):
		try:
			return do()
		except frappe.QueryDeadlockError:
			frappe.db.rollback()
			time.sleep(random.uniform(0.05, 0.3) * attempt)  # noqa: S311 (so that two do not meet again)
	return do()


def log_failure(title: str, about: str = "") -> None:
	"""Take back what was not committed, and write down why the thing at hand failed: where the database takes nothing, in a file.

	For an exception that is being handled by somebody who goes on with the next thing: it raises nothing itself.

	Args:
		title: What failed, for the list of Error Log.
		about: Name of what it was about.
	"""
	said = "\n".join(part for part in (about, traceback.format_exc()) if part)
	try:
		frappe.db.rollback()
		frappe.log_error(title=f"Recovery Console: {title}", message=said)
		frappe.db.commit()
	except Exception:  # noqa: BLE001 (what keeps the log from being written must not end the work of others)
		with suppress(Exception):
			frappe.db.rollback()
		try:
			frappe.logger("recovery_console").error(f"{title}\n{said}")
		except Exception:  # noqa: BLE001 (as on a full disk: then whoever started the process keeps it)
			with suppress(Exception):
				sys.stderr.write(f"Recovery Console: {title}\n{said}\n")
