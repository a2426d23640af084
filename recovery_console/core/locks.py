"""Locks of this machine, which end with the process that holds them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.journal import LockedError
from recovery_console.core.making.atomic import as_owner_of


@contextmanager
def file_locks(folder: Path, names: Sequence[str], holder: str) -> Iterator[None]:
	"""Hold locks, always taken in the same order.

	Args:
		folder: Where their files are; it is made.
		names: What is locked.
		holder: Who locks it, for whom it keeps out.

	Raises:
		LockedError: Another process holds one of them; none is held then.
		SourceUnavailable: The folder cannot be written.
	"""
	with ExitStack() as stack:
		for name in sorted(set(names)):
			stack.enter_context(_one(folder, name, holder))
		yield


@contextmanager
def _one(folder: Path, name: str, holder: str) -> Iterator[None]:
	path = folder / (re.sub(r"[^\w.-]", "_", name) + ".lock")
	try:
		folder.mkdir(parents=True, exist_ok=True, mode=0o700)
		descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
		as_owner_of(folder.parent.parent, folder.parent, folder, path)
	except OSError as error:
		raise SourceUnavailable(
			"files",
			f"{path} cannot be written: {error.strerror or error}.",
			remedy="See the rights of the folder and the room on its disk.",
		) from error
	try:
		try:
			fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError as error:
			other = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another process"
			raise LockedError(
				f"{other} is at work on {name}.",
				remedy="Wait for it to end, or look at it: recovery-console runs.",
			) from error
		with contextlib.suppress(OSError):  # on a full disk the lock holds all the same
			os.ftruncate(descriptor, 0)
			os.pwrite(descriptor, f"{holder} (process {os.getpid()})".encode(), 0)
		yield
	finally:
		os.close(descriptor)
