"""One call to a web address: bounded in time, to no other place than the one that was named."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from recovery_console.core.backends.network import kind_of
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.notices import Failure
from recovery_console.core.redact import redact_text
from recovery_console.core.times import UTC

#: A call that takes longer is broken off.
SECONDS = 10.0
#: So much of an answer is read: what is wrong stands at its beginning.
_MOST_BYTES = 2000
_WHY = {
	"name": _("The name {host} is not known."),
	"refused": _("{host} refuses the connection."),
	"timeout": _("{host} did not answer in time."),
	"tls": _("The certificate of {host} is not trusted, or the encryption failed."),
	"unreachable": _("{host} cannot be reached, or it broke the connection off."),
}


class _StayThere(urllib.request.HTTPRedirectHandler):
	"""Follows nobody to another place: what was signed for one receiver is for no other."""

	def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
		return None


def validated(url: str) -> str:
	"""Return an address that can be called.

	Raises:
		UsageError: It is none: no http or https, no host, or a password in it.
	"""
	try:
		parts = urlsplit(url)
		fit = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
	except ValueError:
		fit, parts = False, urlsplit("")
	if not fit or any(letter.isspace() or ord(letter) < 33 for letter in url):
		raise UsageError(
			_("This is no web address that can be called."),
			remedy=_("Give one that begins with https:// (or http://) and names a host."),
		)
	if parts.username or parts.password:
		raise UsageError(
			_("The address has a user or password in it."),
			remedy=_("Take them out: the receiver knows the console by its signature."),
		)
	return url


def post(
	url: str, body: bytes, headers: Mapping[str, str], now: datetime, seconds: float = SECONDS
) -> Failure | None:
	"""Send a body to an address, by POST; return why that failed, None when it was taken. See `call`."""
	return call("POST", url, body, headers, now, seconds)


def call(
	method: str,
	url: str,
	body: bytes | None,
	headers: Mapping[str, str],
	now: datetime,
	seconds: float = SECONDS,
) -> Failure | None:
	"""Call an address; return why that failed, None when the call was taken.

	Redirects are not followed. Private addresses are allowed: receivers often stand beside the bench.

	Args:
		method: POST or GET.
		url: Where to.
		body: What; None where nothing is sent.
		headers: Its headers.
		now: The present moment, for a receiver that names the time at which to try again.
		seconds: How long the whole call may take.
	"""
	try:
		request = urllib.request.Request(  # noqa: S310 (http and https only, see `validated`)
			validated(url), data=body, headers={"User-Agent": "Recovery Console", **headers}, method=method
		)
	except UsageError as error:
		return Failure(f"{error.message} {error.remedy}", again=False)
	answers: list[Failure | None] = []
	caller = threading.Thread(target=lambda: answers.append(_call(request, now, seconds)), daemon=True)
	caller.start()
	caller.join(seconds + 1)  # every piece of an answer may take its time, so the whole is limited, too
	if not answers:
		return Failure(_WHY["timeout"].format(host=request.host), uncertain=True)
	return answers[0]


def _call(request: urllib.request.Request, now: datetime, seconds: float) -> Failure | None:
	opener = urllib.request.build_opener(_StayThere)
	try:
		with opener.open(request, timeout=seconds):
			return None
	except urllib.error.HTTPError as error:
		with error:
			return failure_of(error.code, error.headers, _said(error), now)
	except urllib.error.URLError as error:
		reason = error.reason if isinstance(error.reason, Exception) else error
		return _broken(request.host, reason)
	except (OSError, http.client.HTTPException, ValueError) as error:
		return _broken(request.host, error)


def _said(error: urllib.error.HTTPError) -> str:
	try:
		return error.read(_MOST_BYTES).decode("utf-8", "replace")
	except (OSError, http.client.HTTPException):
		return ""


def _broken(host: str, error: Exception) -> Failure:
	kind = kind_of(error)
	never_left = isinstance(error, (socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError))
	return Failure(_WHY[kind].format(host=host), uncertain=not never_left)


def failure_of(status: int, headers: Mapping[str, str] | Any, said: str, now: datetime) -> Failure | None:
	"""Judge the answer to a call; None when it was taken.

	Whoever says 4xx says that the same call will never be right, but for 408 and 429, which say: later.

	Args:
		status: HTTP's status.
		headers: Of the answer; ``Retry-After`` is honoured.
		said: Beginning of the answer's text.
		now: The present moment, aware.
	"""
	if 200 <= status < 300:
		return None
	told = " ".join(redact_text(said, personal=True).split())[:200]
	if 300 <= status < 400:
		reason = _(
			"The receiver sends on to another address, and that is not followed. Give the final address."
		)
		return Failure(f"{reason} (HTTP {status})", again=False)
	reason = _("The receiver answered with HTTP {status}.").format(status=status)
	again = status >= 500 or status in (408, 429)
	in_text = re.search(r'"retry_after":\s*(\d+)', said)  # where Telegram says it
	asked = headers.get("Retry-After") or (in_text[1] if in_text else None)
	return Failure(f"{reason} {told}".strip(), again=again, wait=asked_wait(asked, now))


def asked_wait(value: str | None, now: datetime) -> timedelta | None:
	"""Return how long ``Retry-After`` asks to wait: it holds seconds or a date; None where it says nothing."""
	text = (value or "").strip()
	if text.isdigit():
		return timedelta(seconds=min(int(text), 10**6))
	try:
		until = parsedate_to_datetime(text)
	except (TypeError, ValueError):
		return None
	until = until if until.tzinfo else until.replace(tzinfo=UTC)
	return max(until - now, timedelta())
