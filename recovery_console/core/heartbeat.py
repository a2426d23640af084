"""The call after a snapshot by which a watchman elsewhere knows that this site still looks after itself."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from recovery_console.core.finding import Status
from recovery_console.core.notices import Failure
from recovery_console.core.posting import call

#: What Recovery Settings say of a snapshot that found something critical.
ALL_THE_SAME, NOT, FAIL = "Call It All the Same", "Do Not Call", "Call It with /fail"
#: The snapshot is kept by then, and its job ends as soon as this is done.
SECONDS = 5.0


def address(url: str, status: str, critical: str) -> str | None:
	"""Return where to call after a snapshot; None where nobody is to be called.

	Args:
		url: The address of Recovery Settings.
		status: Status of the snapshot.
		critical: What to do where it is critical.
	"""
	if status != Status.CRITICAL or critical not in (NOT, FAIL):
		return url
	if critical == NOT:
		return None
	parts = urlsplit(url)
	return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))


def beat(url: str, status: str, now: datetime, seconds: float = SECONDS) -> Failure | None:
	"""Call a watchman; return why that failed, None when the call was taken.

	The status is sent along, and nothing else. Who takes no POST is called by GET.

	Args:
		url: Where to.
		status: Status of the snapshot.
		now: The present moment, aware.
		seconds: How long one call may take.
	"""
	failed = call("POST", url, status.encode(), {"Content-Type": "text/plain"}, now, seconds)
	if failed is not None and "HTTP 405" in failed.reason:
		return call("GET", url, None, {}, now, seconds)
	return failed
