"""People who are called: which contacts of Recovery Settings answer to a tier and a category."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from recovery_console.core.record import dataclass

#: Category of a contact who is called whatever it is.
ALL = "All"
TIERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Contact:
	"""Somebody to call.

	Args:
		name: How people call them.
		tier: 1 to 4, for E1 to E4.
		category: The category of incidents they are for, or ``All``.
		user: Their user on the site; empty where they have none.
		email: Where mail reaches them.
		phone: Where a call reaches them.
		channel: Name of a Recovery Channel that reaches them, besides mail and Desk.
		link: A support portal or status page.
		hours: When they can be reached, in words.
	"""

	name: str
	tier: int = 1
	category: str = ALL
	user: str = ""
	email: str = ""
	phone: str = ""
	channel: str = ""
	link: str = ""
	hours: str = ""

	def can_be_told(self, channels: Collection[str]) -> bool:
		"""Tell whether the console reaches them by itself: it makes no phone calls and opens no portals.

		Args:
			channels: Names of the Recovery Channels that are enabled.
		"""
		return bool(self.email or self.user or self.channel in channels)


def contact_of(row: Mapping[str, Any]) -> Contact:
	"""Read a row of Recovery Contact."""
	texts = ("user", "email", "phone", "channel", "link", "hours")
	return Contact(
		name=str(row["contact_name"]),
		tier=int(str(row.get("tier") or "E1").removeprefix("E")),
		category=str(row.get("category") or ALL),
		**{name: str(row.get(name) or "") for name in texts},
	)


def contacts_for(contacts: Iterable[Contact], tier: int, category: str) -> list[Contact]:
	"""Return who is called on a tier for a category: those for just that first, then those for all."""
	on_tier = [contact for contact in contacts if contact.tier == tier]
	return [contact for contact in on_tier if contact.category == category] + [
		contact for contact in on_tier if contact.category == ALL
	]
