"""Diagnosing for somebody who waits: one at a time, and told while it goes on."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from pathlib import Path

import frappe
from frappe import _
from frappe.realtime import get_doctype_room
from frappe.utils import get_site_path
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from recovery_console.core import live
from recovery_console.core.redact import redact_text
from recovery_console.core.report import check_as_dict
from recovery_console.core.runner import CheckResult, Progress
from recovery_console.core.times import UTC
from recovery_console.in_site import plain, snapshots

DOCTYPE = "Health Snapshot"
EVENT = "recovery_diagnosis"
#: Whoever looks is told so often that there is something new, in seconds.
_TELL_EVERY = 0.3


@contextmanager
def one_at_a_time() -> Iterator[None]:
	"""Keep impatient people from filling the web workers of a site that is in trouble already.

	The lock is a file in the site's folder: it holds for the web workers of one machine. Where several machines serve a
	site from folders of their own, each may run one diagnosis; they only read, and do not get in each other's way.
	Where the folder takes no file, as on a disk that is full or read-only, nobody is kept from finding that out.
	"""
	with contextlib.ExitStack() as stack:
		try:
			stack.enter_context(filelock("recovery_console_diagnosis", timeout=1))
		except LockTimeoutError:
			frappe.throw(
				_("A diagnosis is running already. Wait for it, or open the latest Health Snapshot.")
			)
		except OSError:
			frappe.logger("recovery_console").warning("The diagnosis runs without its lock", exc_info=True)
		yield


def take() -> str:
	"""Diagnose this site in this request, keep the snapshot and return its name; others can follow it meanwhile."""
	site_path = Path(get_site_path())
	now = datetime.now(UTC)
	with one_at_a_time(), live.begin(site_path, by=frappe.session.user, now=now) as writes:
		tell = _teller()
		try:
			name = snapshots.take("Person", on_progress=_progress(writes, tell)) or ""
		except Exception as error:
			if writes is not None:
				writes.end(error=plain(redact_text(f"{type(error).__name__}: {error}"))[:500])
			raise
		if writes is not None:
			writes.end(snapshot=name)
		tell(True)
		return name


def follow(of: str, after: int) -> live.Seen:
	"""Return how far the latest diagnosis of this site is; see ``core.live.follow``."""
	return live.follow(Path(get_site_path()), of=of, after=after)


def _progress(writes: live.Live | None, tell: Callable[[bool], None]) -> Progress:
	def on_progress(result: CheckResult, done: int, total: int) -> None:
		if writes is not None:
			writes.add(check_as_dict(result), done, total)
			tell(False)

	return on_progress


def _teller() -> Callable[[bool], None]:
	"""Return what tells the open pages, now and then, that there is something new; they ask for it themselves.

	It goes by Redis, which may be what is broken, or may not answer at all: so it is told in a thread, and while one
	telling has not come through there is no other.
	"""
	told = 0.0
	thread: threading.Thread | None = None
	room = get_doctype_room(DOCTYPE)

	def publish() -> None:
		with contextlib.suppress(Exception):
			frappe.publish_realtime(EVENT, {}, room=room)

	def tell(at_once: bool) -> None:
		nonlocal told, thread
		if thread is not None and thread.is_alive():
			return
		if at_once or time.monotonic() - told >= _TELL_EVERY:
			told = time.monotonic()
			thread = threading.Thread(target=copy_context().run, args=(publish,), daemon=True)
			thread.start()

	return tell
