"""A real TLS server on loopback whose certificate a test chooses."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class TlsServer:
	"""Shows a self-signed certificate that holds for some days more, or ran out some days ago.

	It answers nobody but by its certificate. `localhost` is the name it is made for, unless told otherwise.
	"""

	def __init__(self, folder: Path, *, days: float, name: str = "localhost") -> None:
		self.folder = folder
		self.days = days
		self.name = name
		self.host = "127.0.0.1"
		self.port = 0
		self._listener: socket.socket | None = None
		self._thread: threading.Thread | None = None

	@property
	def certificate(self) -> Path:
		"""Its certificate with the key."""
		return self.folder / "tls.pem"

	def start(self) -> TlsServer:
		"""Listen on a free port."""
		self.folder.mkdir(parents=True, exist_ok=True)
		self.certificate.write_bytes(certificate(self.name, self.days))
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(self.certificate)
		self._listener = socket.create_server((self.host, 0))
		self.port = self._listener.getsockname()[1]
		self._thread = threading.Thread(target=self._serve, args=(self._listener, context), daemon=True)
		self._thread.start()
		return self

	def stop(self) -> None:
		"""Stop listening."""
		listener, self._listener = self._listener, None
		if listener is not None:
			with contextlib.suppress(OSError):
				listener.shutdown(socket.SHUT_RDWR)
			listener.close()
		if self._thread is not None:
			self._thread.join(timeout=5)

	def __enter__(self) -> TlsServer:
		return self.start()

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()

	@staticmethod
	def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
		while True:
			try:
				connection, _address = listener.accept()
			except OSError:
				return  # stopped
			connection.settimeout(5)
			try:
				with context.wrap_socket(connection, server_side=True) as secured:
					secured.recv(1)
			except OSError:
				connection.close()


def certificate(name: str, days: float) -> bytes:
	"""Make a self-signed certificate, with its key, that holds for some days."""
	key = ec.generate_private_key(ec.SECP256R1())
	subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
	now = datetime.now(timezone.utc)
	certificate = (
		x509.CertificateBuilder()
		.subject_name(subject)
		.issuer_name(subject)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now - timedelta(days=90))
		.not_valid_after(now + timedelta(days=days))
		.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
		.sign(key, hashes.SHA256())
	)
	private = key.private_bytes(
		serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
	)
	return private + certificate.public_bytes(serialization.Encoding.PEM)
