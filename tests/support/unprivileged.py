"""Doing something as a user without rights, also where the tests run as root."""

from __future__ import annotations

import os
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")
NOBODY = 65534


def as_nobody(call: Callable[[], Answer]) -> Answer:
	"""Call a function as a user without rights and return its answer, or raise what it raised.

	As root it runs in a forked child that gave up its rights. What it needs must be imported already: the child may not
	be able to read the Python environment.
	"""
	if os.geteuid() != 0:
		return call()
	reading, writing = os.pipe()
	with warnings.catch_warnings():
		warnings.simplefilter("ignore")  # forking with threads around: the child only calls and ends
		child = os.fork()
	if child == 0:
		_answer_and_end(call, writing)
	os.close(writing)
	with os.fdopen(reading, "rb") as pipe:
		packed = pipe.read()
	os.waitpid(child, 0)
	answer, error = pickle.loads(packed)
	if error is not None:
		raise error
	result: Answer = answer
	return result


def let_others_pass(folder: Path) -> None:
	"""Let every user enter a folder and those above it that are root's (pytest makes them for us alone)."""
	if os.geteuid() != 0:
		return
	for path in (folder, *folder.parents):
		state = path.stat()
		if state.st_uid == 0 and not state.st_mode & 0o001 and path != Path.home():
			path.chmod(state.st_mode | 0o055)


def _answer_and_end(call: Callable[[], Answer], writing: int) -> None:
	try:
		os.setgroups([])
		os.setgid(NOBODY)
		os.setuid(NOBODY)
		try:
			packed = pickle.dumps((call(), None))
		except Exception as error:  # noqa: BLE001 (it is raised again in the parent)
			packed = pickle.dumps((None, error))
		with os.fdopen(writing, "wb") as pipe:
			pipe.write(packed)
	finally:
		os._exit(0)
