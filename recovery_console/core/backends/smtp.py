"""An outgoing mail server, asked step by step: connect, encrypt, log in. Nothing is ever sent."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass

SECONDS = 4.0


@dataclass(frozen=True)
class SmtpAccount:
	"""How to reach an outgoing server; ``password`` stays out of every representation."""

	host: str
	port: int
	starttls: bool
	tls: bool
	user: str = ""
	password: str = ""

	def __repr__(self) -> str:
		return f"SmtpAccount({self.host}:{self.port})"


@dataclass(frozen=True)
class SmtpAnswer:
	"""How far a probe came.

	``failed_step`` is empty when all went well, else ``connect``, ``encrypt`` or ``login``; ``kind`` says why in
	one word (``refused``, ``timeout``, ``name``, ``certificate``, ``tls``, ``credentials``, ``unsupported``,
	``server``).
	"""

	failed_step: str = ""
	kind: str = ""
	detail: str = ""


def probe(account: SmtpAccount, seconds: float = SECONDS) -> SmtpAnswer:
	"""Connect, encrypt and log in as Frappe would, without sending anything.

	Certificates are checked as Python does by default; Frappe 15 does not check them with STARTTLS, so a
	failure of the certificate alone does not prove that mail fails.
	"""
	step = "connect"
	server: smtplib.SMTP | None = None
	try:
		context = ssl.create_default_context()
		if account.tls:
			server = smtplib.SMTP_SSL(account.host, account.port, timeout=seconds, context=context)
		else:
			server = smtplib.SMTP(account.host, account.port, timeout=seconds)
		if account.starttls and not account.tls:
			step = "encrypt"
			server.ehlo()
			server.starttls(context=context)
		if account.user:
			step = "login"
			server.ehlo()
			server.login(account.user, account.password)
	except (OSError, smtplib.SMTPException, ValueError) as error:
		return SmtpAnswer(step, *_explain(error))
	else:
		return SmtpAnswer()
	finally:
		if server is not None:
			server.close()


def _explain(error: Exception) -> tuple[str, str]:
	for kinds, kind in _KINDS:
		if isinstance(error, kinds):
			return kind, _detail(error)
	return "server", _detail(error)


def _detail(error: Exception) -> str:
	if isinstance(error, smtplib.SMTPResponseException):
		answer = error.smtp_error
		text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
		return f"{error.smtp_code} {text}".strip()
	return str(error)


# The order matters: most of these derive from OSError.
_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
	(smtplib.SMTPAuthenticationError, "credentials"),
	(smtplib.SMTPNotSupportedError, "unsupported"),
	(ssl.SSLCertVerificationError, "certificate"),
	(ssl.SSLError, "tls"),
	((TimeoutError, socket.timeout), "timeout"),
	(socket.gaierror, "name"),
	(ConnectionRefusedError, "refused"),
)
