"""A job for a real worker of RQ, called as Frappe calls its own."""

from __future__ import annotations

import time
from typing import Any


def execute_job(**arguments: Any) -> None:
	"""Fail as a job of Frappe does."""
	raise ValueError(f"no account for {arguments['kwargs']['company']}")


def hang(**_arguments: Any) -> None:
	"""Run until somebody stops it."""
	time.sleep(600)
