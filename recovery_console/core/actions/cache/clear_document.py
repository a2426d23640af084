"""Let the site read a document anew."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import document_key
from recovery_console.core.cached import cache_key
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_LONGEST = 140


@dataclass(frozen=True)
class ClearDocument(Action):
	"""Delete one document from the cache, such as a settings page that shows what it was before a change.

	For a DocType its form goes, too: give the name of the DocType as both.
	"""

	title = _("Let the site read a document anew")
	risk = Risk.REVERSIBLE
	checks = ()

	doctype: str
	#: Empty for a page of settings, whose name is that of its DocType.
	name: str = ""

	def plan(self, site: Site) -> Plan:
		name = self.name or self.doctype
		if len(name) > _LONGEST or not site.has_doctype(self.doctype):
			t_single = site.single(self.doctype, "modified")
			if len(name) > _LONGEST or t_single is None:
				raise UsageError(
					f"This site has no DocType {self.doctype[:100]}.", remedy="Write it as Desk shows it."
				)
		names = [document_key(self.doctype, name), f"doctype_meta::{name}", f"doctype_form_meta::{name}"]
		edits = removed(site.cache, [cache_key(site, key) for key in names]).values()
		return self.planned(
			site,
			_("Let the site read {doctype} {name} anew"),
			[batch(self.doctype, name, *edits)] if edits else [],
			doctype=self.doctype,
			name=name,
		)
