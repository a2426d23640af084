"""Other machines, asked whether they answer and which certificate they show. Nothing else is asked of them here."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime
from typing import TYPE_CHECKING

from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC

if TYPE_CHECKING:
	from cryptography import x509

SECONDS = 4.0


@dataclass(frozen=True)
class Shown:
	"""The certificate that a server shows.

	Attributes:
		failed: Why it showed none: ``name``, ``refused``, ``timeout``, ``tls`` or ``unreachable``; else empty.
		expires: Until when it holds.
		distrust: Why a browser would not trust it; empty when it would.
	"""

	failed: str = ""
	expires: datetime | None = None
	distrust: str = ""


def reach(host: str, port: int, seconds: float = SECONDS) -> str:
	"""Open a connection and close it again. Return why it failed, as ``Shown.failed`` does; empty when it did not."""
	try:
		with socket.create_connection((host, port), timeout=seconds):
			return ""
	except (OSError, ValueError, OverflowError) as error:
		return kind_of(error)


def certificate(host: str, port: int, seconds: float = SECONDS) -> Shown:
	"""Return the certificate that a server shows for a host, checked as a browser would check it."""
	try:
		return Shown(expires=_expiry(host, port, seconds, ssl.create_default_context()))
	except ssl.SSLCertVerificationError as error:
		distrust = error.verify_message or "it cannot be verified"
	except (OSError, ValueError, OverflowError) as error:
		return Shown(failed=kind_of(error))
	unchecked = ssl.create_default_context()
	unchecked.check_hostname = False
	unchecked.verify_mode = ssl.CERT_NONE
	try:
		return Shown(expires=_expiry(host, port, seconds, unchecked), distrust=distrust)
	except (OSError, ValueError, OverflowError) as error:
		return Shown(failed=kind_of(error))


def _expiry(host: str, port: int, seconds: float, context: ssl.SSLContext) -> datetime | None:
	with (
		socket.create_connection((host, port), timeout=seconds) as connection,
		context.wrap_socket(connection, server_hostname=host) as secured,
	):
		shown = secured.getpeercert(binary_form=True)
	from cryptography import x509  # takes long to load, and is needed on request only

	return _until(x509.load_der_x509_certificate(shown)) if shown else None


def _until(shown: x509.Certificate) -> datetime:
	if hasattr(shown, "not_valid_after_utc"):
		return shown.not_valid_after_utc
	return shown.not_valid_after.replace(tzinfo=UTC)  # cryptography before 42


def kind_of(error: Exception) -> str:
	"""Say in one word why a connection failed: ``name``, ``refused``, ``timeout``, ``tls`` or ``unreachable``."""
	if isinstance(error, socket.gaierror):
		return "name"
	if isinstance(error, TimeoutError):
		return "timeout"
	if isinstance(error, ConnectionRefusedError):
		return "refused"
	return "tls" if isinstance(error, ssl.SSLError) else "unreachable"
