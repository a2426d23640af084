"""The HTTP API of notices: trying a channel, and sending again what was given up."""

from typing import Any

import frappe

from recovery_console.in_site import notices, outbox


@frappe.whitelist(methods=["POST"])
def test_channel(name: str) -> dict[str, Any]:
	"""Send a test over a channel, now, and say what came of it. Permission: write on Recovery Channel.

	Args:
		name: Name of the channel; it may be switched off.

	Returns:
		``notice`` (its name), ``state`` (``Sent`` or ``Given Up``) and ``error``.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not change channels.
		frappe.DoesNotExistError: HTTP 404. There is no such channel.
	"""
	frappe.has_permission(notices.CHANNEL, "write", doc=name, throw=True)
	return outbox.send_test(name)


@frappe.whitelist(methods=["POST"])
def send_again(name: str) -> dict[str, Any]:
	"""Send a notice again that was given up. Permission: write on Recovery Channel.

	Args:
		name: Name of the notice.

	Returns:
		``notice``, ``state`` and ``error``.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not change channels.
		frappe.ValidationError: HTTP 417. It was not given up; nothing was changed.
	"""
	frappe.has_permission(notices.CHANNEL, "write", throw=True)
	frappe.has_permission(notices.DOCTYPE, "read", doc=name, throw=True)
	return outbox.send_again(name)


@frappe.whitelist(methods=["GET", "POST"])
def channel_state(name: str) -> dict[str, Any]:
	"""Say how a channel works: what was sent last, what waits, what was given up. Permission: read on Recovery Channel.

	Args:
		name: Name of the channel.

	Returns:
		``sent`` (in seven days), ``waiting``, ``given_up`` (in seven days), ``last_sent`` (UTC) and ``last_error``.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read channels.
	"""
	frappe.has_permission(notices.CHANNEL, "read", doc=name, throw=True)
	return outbox.state_of(name)
