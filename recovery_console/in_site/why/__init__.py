"""The troubleshooters that need Frappe, found by being there, beside those that do without it."""

from collections.abc import Mapping
from typing import Any

import frappe

from recovery_console.core.errors import UsageError
from recovery_console.core.site import Site
from recovery_console.core.why import Answer, Why
from recovery_console.core.whys import in_order, whys_in
from recovery_console.in_site import open_site


def all_whys() -> dict[str, type[Why]]:
	"""Return every troubleshooter by id, in the order in which they are offered."""
	return in_order({**whys_in(), **whys_in(__name__)})


def find_why(name: str) -> type[Why]:
	"""Return a troubleshooter.

	Raises:
		UsageError: There is none of this name.
	"""
	found = all_whys().get(name)
	if found is None:
		raise UsageError(
			frappe._("There is no question {0}.").format(name[:80]),
			remedy=frappe._("Ask one of: {0}.").format(", ".join(all_whys())),
		)
	return found


def ask(name: str, given: Mapping[str, Any]) -> Answer:
	"""Ask a troubleshooter about the site that Frappe is at. Who asks was let do so by the caller.

	Raises:
		UsageError: There is no such troubleshooter, or what is given does not fit it.
	"""
	kind = find_why(name)
	with open_site() as site:
		return answered(kind, site, kind.read(given))


def answered(kind: type[Why], site: Site, given: Mapping[str, str]) -> Answer:
	"""Return the answer about an opened site."""
	return kind(site, given).answer()
