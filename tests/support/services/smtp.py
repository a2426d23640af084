"""A real SMTP server on loopback whose behaviour a test chooses."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.services.process import ServiceError, free_port

Behaviour = Literal["accept", "refuse login", "refuse recipient", "greylist", "drop", "silent"]
ANSWERS = {
	"refuse recipient": "550 5.1.1 No such user here",
	"greylist": "451 4.7.1 Greylisted, please try again later",
}


class _Handler:
	"""Answers as the server's present behaviour says."""

	def __init__(self, server: SmtpServer) -> None:
		self.server = server

	async def handle_EHLO(  # noqa: N802
		self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
	) -> list[str]:
		await self._begin(server)
		session.host_name = hostname
		return responses

	async def handle_HELO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:  # noqa: N802
		await self._begin(server)
		session.host_name = hostname
		return f"250 {server.hostname}"

	async def handle_RCPT(  # noqa: N802
		self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
	) -> str:
		answer = ANSWERS.get(self.server.behaviour)
		if answer is None:
			envelope.rcpt_tos.append(address)
		return answer or "250 OK"

	async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
		content = envelope.content
		self.server.messages.append(content if isinstance(content, bytes) else str(content).encode())
		return "250 Message accepted"

	def check(
		self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
	) -> AuthResult:
		"""The log-in: refused, or right when nobody said which accounts there are."""
		users = self.server.users
		good = isinstance(data, LoginPassword) and (
			not users or users.get(data.login.decode()) == data.password.decode()
		)
		return AuthResult(success=good and self.server.behaviour != "refuse login", handled=False)

	async def _begin(self, server: SMTP) -> None:
		if self.server.behaviour == "drop" and server.transport is not None:
			server.transport.close()
		if self.server.behaviour == "silent":
			await asyncio.sleep(3600)


class SmtpServer:
	"""Takes mail until `behaviour` is set to something else, also while it runs.

	`users` (login → password) are the accounts; empty takes everybody. `starttls` offers encryption with a
	certificate made for the occasion, which lies in `folder`.
	"""

	def __init__(
		self,
		folder: Path,
		*,
		behaviour: Behaviour = "accept",
		users: dict[str, str] | None = None,
		starttls: bool = False,
	) -> None:
		self.folder = folder
		self.behaviour: Behaviour = behaviour
		self.users = users or {}
		self.starttls = starttls
		self.messages: list[bytes] = []
		self.host = "127.0.0.1"
		self.port = 0
		self._controller: Controller | None = None

	@property
	def certificate(self) -> Path:
		"""The self-signed certificate of `starttls`."""
		return self.folder / "smtp.pem"

	def start(self) -> SmtpServer:
		"""Listen; on the same port as before after a `stop`."""
		if self._controller is not None:
			return self
		self.folder.mkdir(parents=True, exist_ok=True)
		self.port = self.port or free_port()
		handler = _Handler(self)
		self._controller = Controller(
			handler,
			hostname=self.host,
			port=self.port,
			server_hostname="mail.example.org",
			tls_context=self._tls() if self.starttls else None,
			authenticator=handler.check,
			auth_require_tls=False,
		)
		with warnings.catch_warnings():
			warnings.simplefilter("ignore")
			try:
				self._controller.start()
			except (OSError, TimeoutError) as error:
				self._controller = None
				raise ServiceError(f"the SMTP server did not start: {error}") from error
		return self

	def stop(self) -> None:
		"""Stop listening."""
		controller, self._controller = self._controller, None
		if controller is not None:
			controller.stop(no_assert=True)

	kill = stop

	def __enter__(self) -> SmtpServer:
		return self.start()

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()

	def _tls(self) -> ssl.SSLContext:
		if not self.certificate.exists():
			self.certificate.write_bytes(_self_signed(self.host))
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(self.certificate)
		return context


def _self_signed(host: str) -> bytes:
	key = ec.generate_private_key(ec.SECP256R1())
	name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
	now = datetime.now(timezone.utc)
	certificate = (
		x509.CertificateBuilder()
		.subject_name(name)
		.issuer_name(name)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now - timedelta(days=1))
		.not_valid_after(now + timedelta(days=30))
		.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
		.sign(key, hashes.SHA256())
	)
	private = key.private_bytes(
		serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
	)
	return private + certificate.public_bytes(serialization.Encoding.PEM)
