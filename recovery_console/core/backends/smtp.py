"""An outgoing mail server, asked step by step: connect, encrypt, log in. Nothing is ever sent."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

from recovery_console.core.record import dataclass

SECONDS = 4.0


@dataclass(frozen=True)
class SmtpAccount:
	"""How to reach an outgoing server; ``password`` stays out of every representation.

	Without a password nobody logs in, as in Frappe.
	"""

	host: str
	port: int
	starttls: bool = False
	tls: bool = False
	user: str = ""
	password: str = ""

	def __repr__(self) -> str:
		return f"SmtpAccount({self.host}:{self.port})"


@dataclass(frozen=True)
class SmtpAnswer:
	"""How far a probe came.

	``failed_step`` is empty when all went well, else ``connect``, ``encrypt`` or ``login``; ``kind`` says why in
	one word (``refused``, ``timeout``, ``name``, ``tls``, ``credentials``, ``unsupported``, ``address``,
	``server``). ``certificate`` says what is wrong with the server's certificate, which does not stop Frappe.
	"""

	failed_step: str = ""
	kind: str = ""
	detail: str = ""
	certificate: str = ""


def probe(account: SmtpAccount, seconds: float = SECONDS) -> SmtpAnswer:
	"""Connect, encrypt and log in as Frappe would, without sending anything.

	Frappe does not check certificates of outgoing servers. The probe does, and goes on without that check where
	it fails, to tell what Frappe will meet.

	Args:
		account: The server and how to log in.
		seconds: How long each step may take.
	"""
	answer = _attempt(account, seconds, ssl.create_default_context())
	if answer.kind != "certificate":
		return answer
	unchecked = ssl.create_default_context()
	unchecked.check_hostname = False
	unchecked.verify_mode = ssl.CERT_NONE
	return replace(_attempt(account, seconds, unchecked), certificate=answer.detail)


def _attempt(account: SmtpAccount, seconds: float, context: ssl.SSLContext) -> SmtpAnswer:
	if not 0 < account.port < 65536:
		return SmtpAnswer("connect", "address", f"there is no port {account.port}")
	step = "encrypt" if account.tls else "connect"
	try:
		with _connected(account, seconds, context) as server:
			if account.starttls:
				step = "encrypt"
				server.ehlo()
				server.starttls(context=context)
			if account.password:
				step = "login"
				server.ehlo()
				server.login(account.user, account.password)
	except (OSError, smtplib.SMTPException, ValueError) as error:
		kind, detail = _explain(error)
		if step == "encrypt" and kind not in ("certificate", "tls", "unsupported", "server"):
			step = "connect"
		return SmtpAnswer(step, kind, detail)
	return SmtpAnswer()


@contextlib.contextmanager
def _connected(account: SmtpAccount, seconds: float, context: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
	# Named, so that smtplib need not ask the name server who this machine is.
	name = socket.gethostname()
	server: smtplib.SMTP
	if account.tls:
		server = smtplib.SMTP_SSL(account.host, account.port, name, timeout=seconds, context=context)
	else:
		server = smtplib.SMTP(account.host, account.port, name, timeout=seconds)
	try:
		yield server
		with contextlib.suppress(OSError, smtplib.SMTPException):
			server.quit()
	finally:
		server.close()


def _explain(error: Exception) -> tuple[str, str]:
	if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
		return "timeout", str(error.__context__)  # smtplib says disconnected for both
	for kinds, kind in _KINDS:
		if isinstance(error, kinds):
			return kind, _detail(error)
	return "server", _detail(error)


def _detail(error: Exception) -> str:
	if isinstance(error, smtplib.SMTPResponseException):
		answer = error.smtp_error
		text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
		return f"{error.smtp_code} {' '.join(text.split())}".strip()
	if isinstance(error, ssl.SSLCertVerificationError):
		return error.verify_message or str(error)
	if isinstance(error, ssl.SSLError):
		return (error.reason or str(error)).replace("_", " ").lower()
	return str(error) or type(error).__name__


# The order matters: most of these derive from OSError, and UnicodeError from ValueError.
_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
	(smtplib.SMTPAuthenticationError, "credentials"),
	(smtplib.SMTPNotSupportedError, "unsupported"),
	(ssl.SSLCertVerificationError, "certificate"),
	(ssl.SSLError, "tls"),
	((TimeoutError, socket.timeout), "timeout"),
	((socket.gaierror, UnicodeError), "name"),
	(ConnectionRefusedError, "refused"),
)
