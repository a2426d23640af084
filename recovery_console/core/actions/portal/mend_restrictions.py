"""Write IP restrictions of users in the form that Frappe compares."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import Row, left_alone, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import people
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_STARS = re.compile(r"(?:\.\*)+$")
_PREFIX = re.compile(r"[0-9A-Fa-f.:]*")
#: A network of so many bits ends where a part of the address ends.
_WHOLE = (8, 16, 24, 32)


@dataclass(frozen=True)
class MendRestrictions(Action):
	"""Rewrite networks (10.0.0.0/8), stars (10.0.*) and lines in Restrict IP as beginnings of addresses.

	A network that ends in the middle of a part, and anything else that cannot be said exactly, is left alone: a
	restriction is never widened.
	"""

	title = "Mend IP restrictions"
	risk = Risk.REVERSIBLE
	needs = ("User",)
	checks = ("portal.restricted_addresses",)

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		if self.names:
			rows = [row for row in users_named(site, self.names, "restrict_ip") if row["restrict_ip"]]
		else:
			t = table("User")
			query = people(site, t).select(t["name"], t.restrict_ip).orderby(t["name"])
			rows = site.db.run(query.where(t.restrict_ip.notnull() & (t.restrict_ip != "")))
		unclear = [str(row["name"]) for row in rows if _rewritten(str(row["restrict_ip"])) is None]
		return self.planned(
			site,
			_("Users whose Restrict IP is to be mended: {count}"),
			self._batches(rows),
			most=self.most,
			left_out=left_alone(
				"User",
				unclear,
				_("An entry cannot be written as the beginning of an address; mend it by hand."),
			),
		)

	@staticmethod
	def _batches(rows: list[Row]) -> Iterator[Batch]:
		for row in rows:
			text = _rewritten(str(row["restrict_ip"]))
			if text is not None and text != row["restrict_ip"]:
				yield batch("User", row["name"], saved("User", row, restrict_ip=text))


def _rewritten(text: str) -> str | None:
	"""Return a restriction with every entry mended; itself where nothing is wrong; None where one is unclear."""
	entries = [entry.strip() for entry in text.split(",")]
	if all(_PREFIX.fullmatch(entry) for entry in entries):
		return text
	mended = [_entry(entry.strip()) for entry in re.split(r"[,;\s]+", text) if entry.strip()]
	return None if None in mended or not mended else ",".join(str(entry) for entry in mended)


def _entry(entry: str) -> str | None:
	if _PREFIX.fullmatch(entry):
		return entry
	if "/" in entry:
		return _network(entry)
	starless = _STARS.sub(".", entry)
	return starless if _PREFIX.fullmatch(starless) else None


def _network(entry: str) -> str | None:
	try:
		network = ipaddress.ip_network(entry, strict=False)
	except ValueError:
		return None
	if network.version != 4 or network.prefixlen not in _WHOLE:
		return None
	parts = str(network.network_address).split(".")[: network.prefixlen // 8]
	return ".".join(parts) + ("" if len(parts) == len(_WHOLE) else ".")
