"""Mails in every state, and a mail server that answers as a fault wants it to."""

from __future__ import annotations

import atexit
import tempfile
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.support.fill.email import ACCOUNT, ADDRESS
from tests.support.sample import SampleSite
from tests.support.services.smtp import Behaviour, SmtpServer

REFUSED_LOGIN = """Traceback (most recent call last):
  File "apps/frappe/frappe/email/smtp.py", line 98, in session
    res = _session.login(str(self.login or ""), str(self.password or ""))
smtplib.SMTPAuthenticationError: (535, b'5.7.8 Authentication credentials invalid')

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "apps/frappe/frappe/email/doctype/email_queue/email_queue.py", line 173, in send
    ctx.smtp_server.session.sendmail(
frappe.email.smtp.InvalidEmailCredentials: Please check your email login credentials. \
smtplib.SMTPAuthenticationError: (535, b'5.7.8 Authentication credentials invalid')
"""
REFUSED_CONNECTION = """Traceback (most recent call last):
  File "/usr/lib/python3.11/socket.py", line 836, in create_connection
    sock.connect(sa)
ConnectionRefusedError: [Errno 111] Connection refused

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "apps/frappe/frappe/email/smtp.py", line 113, in session
    frappe.throw(
frappe.exceptions.ValidationError: Invalid Outgoing Mail Server or Port: [Errno 111] Connection refused
"""
NOT_SUPPORTED = """Traceback (most recent call last):
  File "/usr/lib/python3.11/smtplib.py", line 790, in starttls
    raise SMTPNotSupportedError(
smtplib.SMTPNotSupportedError: STARTTLS extension not supported by server.
"""


def refused_recipient(address: str, code: int = 550, text: str = "5.1.1 No such user here") -> str:
	return f"""Traceback (most recent call last):
  File "/usr/lib/python3.11/smtplib.py", line 901, in sendmail
    raise SMTPRecipientsRefused(senderrs)
smtplib.SMTPRecipientsRefused: {{'{address}': ({code}, b'{text}')}}
"""


def queue(
	site: SampleSite,
	name: str,
	*recipients: str,
	sent: tuple[str, ...] = (),
	minutes: float = 60,
	**values: Any,
) -> str:
	"""Insert a mail that last changed so many minutes ago, with its recipients."""
	moment = site.minutes_ago(minutes)
	values = {
		"sender": f"Notifications <{ADDRESS}>",
		"status": "Not Sent",
		"message": message("A notice", "Hello"),
		"email_account": ACCOUNT,
		"reference_doctype": "Sales Invoice",
		"reference_name": "ACC-SINV-2026-00001",
		"creation": moment,
		"modified": moment,
	} | values
	site.insert("Email Queue", name=name, **values)
	everybody = (*sent, *(recipients or (() if sent else ("someone@example.com",))))
	for number, recipient in enumerate(everybody, 1):
		site.insert(
			"Email Queue Recipient",
			parent=name,
			idx=number,
			recipient=recipient,
			status="Sent" if recipient in sent else "Not Sent",
			creation=values["creation"],
			modified=values["modified"],
		)
	return name


def message(subject: str, text: str) -> str:
	"""Return a mail as Frappe keeps it: MIME, with what is filled in for each recipient."""
	mail = EmailMessage()
	mail["Subject"], mail["From"], mail["To"] = subject, ADDRESS, "<!--recipient-->"
	mail.set_content(text, cte="quoted-printable")
	mail.add_alternative(f"<p>{text}</p>", subtype="html", cte="base64")
	return mail.as_string()


@lru_cache(maxsize=8)
def _server(behaviour: Behaviour, starttls: bool, users: tuple[tuple[str, str], ...] = ()) -> SmtpServer:
	folder = Path(tempfile.mkdtemp(prefix="recovery-console-mail-"))
	server = SmtpServer(folder, behaviour=behaviour, starttls=starttls, users=dict(users)).start()
	atexit.register(server.stop)
	return server


def use_server(
	site: SampleSite,
	behaviour: Behaviour = "accept",
	*,
	starttls: bool = False,
	users: tuple[tuple[str, str], ...] = (),
	**account: Any,
) -> SmtpServer:
	"""Let the default account send through a real server on loopback that behaves like this."""
	server = _server(behaviour, starttls, users)
	site.update(
		"Email Account",
		ACCOUNT,
		**{"smtp_server": server.host, "smtp_port": str(server.port), "use_tls": 0} | account,
	)
	return server
