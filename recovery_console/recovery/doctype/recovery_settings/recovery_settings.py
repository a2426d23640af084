# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_system_timezone

from recovery_console.core import thresholds
from recovery_console.core.engine import is_automatic
from recovery_console.core.errors import UsageError
from recovery_console.core.extensions import actions_for, checks_for, runbooks_for
from recovery_console.core.posting import validated
from recovery_console.core.response import policy_of
from recovery_console.core.times import zone
from recovery_console.in_site import clocks, contact_card, open_site, plain
from recovery_console.in_site.health import SHORTEST_TOKEN

#: A diagnosis in a web request or a job must end before they are ended.
_MOST_SECONDS = 100


class RecoverySettings(Document):
	"""How this site wants to be looked after."""

	def validate(self) -> None:
		if not 5 <= self.deadline_seconds <= _MOST_SECONDS:
			frappe.throw(_("Give the whole diagnosis between 5 and {0} seconds.").format(_MOST_SECONDS))
		if not self.report_days <= self.hourly_days <= self.daily_days:
			frappe.throw(
				_("Keep whole reports no longer than hourly snapshots, and these no longer than daily ones.")
			)
		self._validate_thresholds()
		self._validate_automatic_runbooks()
		self._validate_times()
		self._validate_contacts()
		self._validate_outside()

	def on_update(self) -> None:
		contact_card.write(self)

	def _validate_times(self) -> None:
		try:
			policy_of(clocks.settings_of(self), zone(get_system_timezone()))
		except UsageError as error:
			frappe.throw(plain(f"{error.message} {error.remedy}"))

	def _validate_contacts(self) -> None:
		for row in self.contacts:
			if not (row.user or row.email or row.phone or row.channel or row.link):
				message = _(
					"Row {0}: say how {1} can be reached: a user, an e-mail address, a phone number, a channel or a link."
				)
				frappe.throw(message.format(row.idx, escape_html(row.contact_name)))

	def _validate_outside(self) -> None:
		"""Refuse a token that could be guessed and an address that cannot be called; kept ones come as stars."""
		if self._is_given("health_token") and len(self.health_token) < SHORTEST_TOKEN:
			message = _("Give the token for health and metrics at least {0} characters.")
			frappe.throw(message.format(SHORTEST_TOKEN))
		if self._is_given("heartbeat_url"):
			try:
				validated(self.heartbeat_url)
			except UsageError as error:
				frappe.throw(plain(f"{_('Heartbeat URL')}: {error.message} {error.remedy}"))

	def _is_given(self, field: str) -> bool:
		"""Tell whether a password was typed: one that is kept is shown as stars."""
		return bool(self.get(field)) and not self.is_dummy_password(self.get(field))

	def _validate_thresholds(self) -> None:
		with open_site() as site:
			known = checks_for(site)
		seen = set()
		for row in self.thresholds:
			key = (row.check_id, row.parameter)
			if key in seen:
				frappe.throw(
					_("Row {0}: {1} of {2} is listed twice.").format(
						row.idx, escape_html(row.parameter), escape_html(row.check_id)
					)
				)
			seen.add(key)
			check = known.get(row.check_id)
			if check is None:
				frappe.throw(_("Row {0}: there is no check {1}.").format(row.idx, escape_html(row.check_id)))
			try:
				thresholds.parse(check, row.parameter, row.value)
			except UsageError as error:
				frappe.throw(plain(f"{_('Row {0}:').format(row.idx)} {error.message} {error.remedy}"))

	def _validate_automatic_runbooks(self) -> None:
		if not self.automatic_runbooks:
			return
		with open_site() as site:
			actions = actions_for(site)
			known = runbooks_for(site, actions)
		seen = set()
		for row in self.automatic_runbooks:
			runbook = known.get(row.runbook)
			if runbook is None:
				message = _("Row {0}: there is no runbook {1}, or it is switched off.")
			elif not is_automatic(runbook, actions):
				message = _(
					"Row {0}: {1} cannot run by itself. Only a runbook can that asks for nothing and takes nobody's "
					"approval, and whose changes can all be taken back."
				)
			elif row.runbook in seen:
				message = _("Row {0}: {1} is listed twice.")
			else:
				seen.add(row.runbook)
				continue
			frappe.throw(message.format(row.idx, escape_html(row.runbook)))
