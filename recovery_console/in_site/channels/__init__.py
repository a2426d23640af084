"""The ways in which a notice leaves: one file each, with one ``send``.

Each takes the channel (None where a contact is told directly), the notice and its message, and returns why it could
not be sent; None when it was.
"""

from typing import Any

from frappe.model.document import Document

from recovery_console.core import notices
from recovery_console.core.notice_text import Message
from recovery_console.core.notices import Failure


def send(channel: Document | None, notice: Any, message: Message) -> Failure | None:
	"""Send a notice by the channel of its kind, and return why that failed; None when it was taken."""
	from recovery_console.in_site.channels import desk, mail, slack, telegram, webhook

	by_kind = {
		notices.MAIL: mail.send,
		notices.DESK: desk.send,
		notices.WEBHOOK: webhook.send,
		notices.SLACK: slack.send,
		notices.TELEGRAM: telegram.send,
	}
	return by_kind[notice.channel_kind](channel, notice, message)
