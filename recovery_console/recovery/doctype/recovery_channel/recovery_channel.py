# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, validate_email_address

from recovery_console.core import notices
from recovery_console.core.errors import UsageError
from recovery_console.core.posting import validated
from recovery_console.core.webhook import LEAST_SECRET
from recovery_console.in_site import plain
from recovery_console.in_site.channels import desk


class RecoveryChannel(Document):
	"""A way in which people, or other systems, are told."""

	def validate(self) -> None:
		self.address = (self.address or "").strip()
		checks = {
			notices.MAIL: self._validate_mail,
			notices.DESK: self._validate_desk,
			notices.WEBHOOK: self._validate_webhook,
			notices.SLACK: self._validate_slack,
			notices.TELEGRAM: self._validate_telegram,
		}
		checks[self.kind]()
		if self.kind == notices.MAIL and self.is_fallback:
			frappe.throw(_("A mail channel cannot stand in when mail is broken. Choose another kind."))

	def _validate_mail(self) -> None:
		places = notices.destinations_of(notices.Way(self.name or "", notices.MAIL, self.address))
		if not places:
			frappe.throw(_("Give at least one e-mail address."))
		for place in places:
			if not validate_email_address(place.address):
				frappe.throw(_("{0} is no e-mail address.").format(escape_html(place.address)))

	def _validate_desk(self) -> None:
		for part in [one.strip() for one in self.address.split(",") if one.strip()] or [""]:
			if not desk.users_of(part):
				frappe.throw(
					_("No enabled user of Desk is called {0} or has such a role.").format(escape_html(part))
				)

	def _validate_webhook(self) -> None:
		self._validate_url(required=True)
		if len(self._secret("secret")) < LEAST_SECRET:
			frappe.throw(
				_("Give a secret of at least {0} characters: it signs each call.").format(LEAST_SECRET)
			)

	def _validate_slack(self) -> None:
		self._validate_url(required=not self.slack_webhook)

	def _validate_telegram(self) -> None:
		name, colon, key = self._secret("secret").partition(":")
		if not (name.isdigit() and colon and key and key.replace("-", "").replace("_", "").isalnum()):
			frappe.throw(
				_("Give the token of the bot, as BotFather showed it: a number, a colon, and letters.")
			)
		chat = self.address.removeprefix("-")
		if not (chat.isdigit() or (chat.startswith("@") and len(chat) > 1)):
			frappe.throw(_("Give the id of the chat: a number, or the name of a public channel with @."))

	def _validate_url(self, *, required: bool) -> None:
		url = self._secret("secret_url")
		if not url and not required:
			return
		try:
			validated(url)
		except UsageError as error:
			frappe.throw(plain(f"{_(error.message)} {_(error.remedy)}"))
		if urlsplit(url).scheme == "http":
			frappe.msgprint(
				_("The URL begins with http: whoever listens on the way can read what is told."), alert=True
			)

	def _secret(self, field: str) -> str:
		"""Return a secret as it was typed now, or else as it is kept."""
		typed = (self.get(field) or "").strip()
		if typed and not self.is_dummy_password(typed):
			return typed
		return self.get_password(field, raise_exception=False) or "" if not self.is_new() else ""
