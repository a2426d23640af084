# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from recovery_console.core.errors import UsageError
from recovery_console.core.extensions import checks_for
from recovery_console.core.redact import redact_text
from recovery_console.core.silence import Scope, check_silence
from recovery_console.core.times import UTC
from recovery_console.in_site import open_site, plain, silences

_COUNTED = ("covered_problems", "covered_times", "source", "ended_by")


class RecoverySilence(Document):
	"""A time in which a part of the site raises no incident, with a reason and an end."""

	def validate(self) -> None:
		if self.flags.from_console:
			return
		self.starts = self.starts or now_datetime()
		self.reason = plain(redact_text(self.reason or ""))
		self.target = "" if self.scope == Scope.SITE else (self.target or "").strip()
		self._keep_what_was_counted()
		try:
			check_silence(silences.silence_of(self), datetime.now(UTC))
		except UsageError as error:
			frappe.throw(plain(f"{error.message} {error.changed} {error.remedy}"))
		self._check_target()

	def _keep_what_was_counted(self) -> None:
		before = self.get_doc_before_save()
		for field in _COUNTED:
			self.set(field, before.get(field) if before else self.meta.get_field(field).default)
		if before is None:
			self.covered = []
			return
		if before.ended_by:
			frappe.throw(_("This silence was ended. Make another one instead."))
		if _rows(before) != _rows(self):
			frappe.throw(_("What a silence covered is written by the console alone. Nothing was changed."))

	def _check_target(self) -> None:
		if self.scope not in (Scope.FAMILY, Scope.CHECK):
			return
		with open_site() as site:
			known = checks_for(site)
		names = {check.family() for check in known.values()} if self.scope == Scope.FAMILY else set(known)
		if self.target not in names:
			message = _(
				"There is no {0} {1}. Nothing was changed. `recovery-console list checks` prints them all."
			)
			frappe.throw(message.format(_(self.scope).lower(), plain(self.target)))

	def on_trash(self) -> None:
		if not frappe.flags.in_uninstall:
			frappe.throw(_("A silence is part of the record. End it instead of deleting it."))


def _rows(doc: Document) -> list[tuple[str, int]]:
	return [(row.name, row.times) for row in doc.covered]
