"""E-mail: sent now, in this process, because the queue that others wait in may be what is broken.

Frappe keeps each mail in Email Queue, with who has had it, and commits "Sending" before it hands a mail over. That row is the notice's own: it is found again by its Message-ID, another attempt goes on with it, and Frappe's queue
leaves it alone. A mail that was being handed over when its process ended is not sent again.
"""

import smtplib
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from recovery_console.core.notice_text import Message, as_html, safe
from recovery_console.core.notices import MAIL, Failure, State

QUEUE = "Email Queue"
#: What Frappe's queue does not touch by itself.
_OURS = "Error"
#: From here on, an answer of SMTP means: never.
_NEVER = 500


def send(_channel: Document | None, notice: Any, message: Message) -> Failure | None:
	"""Send a notice as a mail, or go on with the one that was begun."""
	queued = queued_of(notice)
	if queued and queued.status == "Sent":
		return None
	if queued and queued.status == "Sending":
		return _unclear()
	try:
		_send_again(queued.name) if queued else _send(notice, message)
	except Exception as error:  # noqa: BLE001 (whatever mail fails with is why the notice was not sent)
		frappe.db.rollback()
		frappe.clear_messages()
		return _after(notice, error)
	return _after(notice, None)


def _send(notice: Any, message: Message) -> None:
	first = _first(notice)
	queued = frappe.sendmail(
		recipients=[notice.address],
		subject=f"Re: {first.title}" if first else notice.title,
		message=as_html(message, _),
		message_id=message_id(notice.name),
		reference_doctype="Incident" if notice.incident else None,
		reference_name=notice.incident or None,
		add_unsubscribe_link=0,
		is_notification=True,
		with_container=False,
	)
	if not queued:
		return
	if first:  # Frappe 16 lets a mail answer a Communication only
		answers = f"<{message_id(first.name)}>"
		queued.message = f"In-Reply-To: {answers}\nReferences: {answers}\n{queued.message}"
		queued.db_set("message", queued.message, update_modified=False)
	queued.send()  # it is not committed before it is "Sending", so nobody else sends it, too


def _send_again(name: str) -> None:
	queued = frappe.get_doc(QUEUE, name)
	queued.status = "Not Sent"  # only here: to others it stays ours, and those who have had it are left out
	queued.send()


def _after(notice: Any, error: Exception | None) -> Failure | None:
	"""Look what became of a mail, and keep Frappe's queue from sending it a second time."""
	queued = queued_of(notice)
	if queued and queued.status == "Sent":
		return None
	if queued:
		frappe.db.set_value(QUEUE, queued.name, {"status": _OURS}, update_modified=False)
		frappe.db.commit()
	if isinstance(error, smtplib.SMTPRecipientsRefused):
		return _refused(error)
	if error is not None:
		said = safe(strip_html(str(error)) or type(error).__name__, 300)
		return Failure(_("The mail could not be sent: {0}").format(said))
	if not queued:
		return Failure(_("The receiver has unsubscribed, or this is no e-mail address."), again=False)
	if frappe.are_emails_muted():
		return Failure(_("The site's configuration mutes all mail."))
	return Failure(_("Sending mail is switched off on this site."))


def _refused(error: smtplib.SMTPRecipientsRefused) -> Failure:
	"""A server that says 4xx takes the mail later; one that says 5xx never will."""
	code, said = next(iter(error.recipients.values()))
	text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
	reason = _("The mail server refuses this receiver: {0}").format(safe(f"{code} {text}", 300))
	return Failure(reason, again=code < _NEVER)


def queued_of(notice: Any) -> Any:
	"""Return name and status of a notice's mail; None where none was made."""
	return frappe.db.get_value(
		QUEUE, {"message_id": message_id(notice.name)}, ["name", "status"], as_dict=True
	)


def recovered(notice: Any) -> Failure | None:
	"""Judge a mail whose process ended: None when it was sent, else why not, and whether to try again."""
	queued = queued_of(notice)
	if queued and queued.status == "Sent":
		return None
	if queued and queued.status == "Sending":
		frappe.db.set_value(QUEUE, queued.name, {"status": _OURS}, update_modified=False)
		return _unclear()
	return Failure(_("The process that sent it ended before the mail was handed over."))


def _unclear() -> Failure:
	said = _("The process ended while it handed the mail over: it may have arrived. It is not sent twice.")
	return Failure(said, again=False, uncertain=True)


def message_id(notice: str) -> str:
	"""Return the Message-ID of a notice's mail, without its angle brackets."""
	return f"recovery-{notice}@{frappe.local.site}"


def _first(notice: Any) -> Any:
	"""Return the first mail that this receiver had about the incident: later ones answer it."""
	if not notice.incident:
		return None
	found = frappe.get_all(
		"Recovery Notice",
		filters={
			"incident": notice.incident,
			"channel_kind": MAIL,
			"address": notice.address,
			"state": State.SENT.value,
			"name": ("!=", notice.name),
		},
		fields=["name", "title"],
		order_by="creation asc",
		limit=1,
	)
	return found[0] if found else None
