"""A page, asked of a web server as a browser would ask, at an address of our choice and within a time limit."""

from __future__ import annotations

import http.client
import socket
import ssl
import time

from recovery_console.core.backends.network import kind_of
from recovery_console.core.record import dataclass

#: So much of a page is read; what we look for stands in its head.
MOST_BYTES = 512 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Address:
	"""Where to ask, and for which site.

	Args:
		name: The site's name in the address line of a browser.
		host: Where the connection goes.
		port: And to which port.
		secure: Whether it is encrypted.
	"""

	name: str
	host: str
	port: int
	secure: bool = False

	@property
	def url(self) -> str:
		"""The address as a browser shows it."""
		usual = self.port == (443 if self.secure else 80)
		return f"{'https' if self.secure else 'http'}://{self.name}" + ("" if usual else f":{self.port}")


@dataclass(frozen=True)
class Page:
	"""What came back.

	Attributes:
		failed: Why nothing did: ``name``, ``refused``, ``timeout``, ``tls``, ``unreachable`` or ``broken``; else empty.
		distrust: Why a browser would not trust the server's certificate; empty when it would.
		status: HTTP's status.
		location: Where to it sends the browser on.
		cookies: The cookies that it sets, with their conditions.
		text: The page, or its beginning.
		seconds: How long it took.
	"""

	failed: str = ""
	distrust: str = ""
	status: int = 0
	location: str = ""
	cookies: tuple[str, ...] = ()
	text: str = ""
	seconds: float = 0.0


def get(address: Address, path: str, seconds: float) -> Page:
	"""Ask for a page. A certificate that a browser would not trust is told, and the page asked for all the same."""
	if not address.secure:
		return _get(address, path, seconds, None, "")
	try:
		return _get(address, path, seconds, ssl.create_default_context(), "")
	except ssl.SSLCertVerificationError as error:
		unchecked = ssl.create_default_context()
		unchecked.check_hostname = False
		unchecked.verify_mode = ssl.CERT_NONE
		return _get(address, path, seconds, unchecked, error.verify_message or "it cannot be verified")


def _get(address: Address, path: str, seconds: float, context: ssl.SSLContext | None, distrust: str) -> Page:
	begun = time.monotonic()
	connection = http.client.HTTPConnection(address.name, address.port, timeout=seconds)
	try:
		plain = socket.create_connection((address.host, address.port), timeout=seconds)
		connection.sock = (
			context.wrap_socket(plain, server_hostname=address.name) if context is not None else plain
		)
		connection.request("GET", path, headers={"User-Agent": "Recovery Console", "Connection": "close"})
		answer = connection.getresponse()
		return Page(
			distrust=distrust,
			status=answer.status,
			location=answer.getheader("Location") or "",
			cookies=tuple(answer.headers.get_all("Set-Cookie") or ()),
			text=_read(answer, begun + seconds),
			seconds=time.monotonic() - begun,
		)
	except ssl.SSLCertVerificationError:
		raise
	except http.client.HTTPException:
		return Page(failed="broken", distrust=distrust)
	except (OSError, ValueError, OverflowError) as error:
		return Page(failed=kind_of(error), distrust=distrust)
	finally:
		connection.close()


def _read(answer: http.client.HTTPResponse, ends: float) -> str:
	parts: list[bytes] = []
	while sum(map(len, parts)) < MOST_BYTES:
		if time.monotonic() > ends:
			raise TimeoutError
		piece = answer.read1(_PIECE)
		if not piece:
			break
		parts.append(piece)
	return b"".join(parts).decode("utf-8", "replace")
