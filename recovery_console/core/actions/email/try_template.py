"""Fill a template in without sending anything."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: DocTypes that hold templates of mails -> the field that names the DocType they are for, if any.
KINDS = {"Email Template": "", "Notification": "document_type"}


@dataclass(frozen=True)
class TryTemplate(Action):
	"""Let Frappe fill in an Email Template or a Notification for a document, and say whether that works.

	Nothing is sent and nothing kept. Without a document the first of the DocType is taken.
	"""

	title = _("Try a template")
	risk = Risk.READ
	needs = ("Email Template", "Notification")
	checks = ("email.templates",)

	template: str
	#: ``Email Template`` or ``Notification``.
	kind: str = "Email Template"
	doctype: str = ""
	document: str = ""

	def plan(self, site: Site) -> Plan:
		if self.kind not in KINDS:
			raise UsageError(
				f"{self.kind[:80]!r} holds no template.", remedy=f"Give kind={' or '.join(KINDS)}."
			)
		doctype = self.doctype or self._its_doctype(site)
		document = self._document(site, doctype)
		arguments = {"kind": self.kind, "template": self.template, "doctype": doctype, "document": document}
		act = Act("Fill the template in", self.kind, self.template, arguments, frappe=True)
		return self.planned(
			site,
			_("Fill {template} in for {document}"),
			[batch(self.kind, self.template, act)],
			template=self.template,
			document=document,
		)

	def _its_doctype(self, site: Site) -> str:
		t = table(self.kind)
		field = KINDS[self.kind]
		rows = site.db.run(
			site.db.from_(t)
			.select(t[field or "name"].as_("found"))
			.where(t["name"] == self.template)
			.limit(1)
		)
		if not rows:
			raise UsageError(
				f"This site has no {self.kind} {self.template[:140]!r}.",
				remedy=f"Take the name from the {self.kind} list.",
			)
		if not field:
			raise UsageError(
				"An Email Template does not say for which DocType it is.",
				remedy="Give doctype=…, such as Sales Invoice.",
			)
		return str(rows[0]["found"] or "")

	def _document(self, site: Site, doctype: str) -> str:
		if not doctype or not site.has_doctype(doctype, "creation"):
			raise UsageError(
				f"This site has no DocType {doctype[:140]!r} with documents.", remedy="Give doctype=…."
			)
		t = table(doctype)
		query = site.db.from_(t).select(t["name"])
		query = query.where(t["name"] == self.document) if self.document else query
		found = site.db.value(query.orderby(t["name"]).limit(1))
		if found is None:
			raise UsageError(
				f"There is no {doctype} {self.document[:140]!r} to fill it in for.", remedy="Give document=…."
			)
		return str(found)
