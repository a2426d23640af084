"""Can every webhook that is switched on work at all?"""

from __future__ import annotations

from urllib.parse import urlsplit

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_PROBLEMS = {
	"address": _("Its Request URL is no web address, or an unencrypted one of an unknown kind."),
	"kind": _("The document type that it listens to is not on this site any more."),
	"signature": _(
		"Enable Security is on, and there is no Webhook Secret to sign with: each call ends in an error."
	),
}


@dataclass(frozen=True)
class WebhookSetup(Check):
	"""Has every webhook that is switched on an address, a document type that exists, and what it signs with?

	Cost: the webhooks that are switched on, their document types and whether something is stored for them.
	"""

	title = _("Settings of webhooks")
	needs = ("Webhook", "DocType")

	def run(self, site: Site) -> Answer:
		t = table("Webhook")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.request_url, t.is_dynamic_url, t.webhook_doctype, t.enable_security)
			.where(t.enabled == 1)
			.orderby(t["name"])
		)
		yield self.measure(webhooks=len(rows))
		if not rows:
			return
		kinds, signing = self._kinds(site), self._signing(site)
		for kind, cause in _PROBLEMS.items():
			names = [str(row["name"]) for row in rows if kind in _problems(row, kinds, signing)]
			if names:
				yield self.warning(
					_("Webhooks that are switched on and cannot work: {count}."),
					cause=cause,
					remedy=_("Open each Webhook named and correct it, or untick Enabled."),
					subject=kind,
					subjects=[("Webhook", name) for name in names],
				)

	def _kinds(self, site: Site) -> set[str]:
		t = table("DocType")
		return {str(row["name"]) for row in site.db.run(site.db.from_(t).select(t["name"]))}

	def _signing(self, site: Site) -> set[str]:
		t = raw_table("__Auth")
		kept = (t["doctype"] == "Webhook") & (t["fieldname"] == "webhook_secret")
		return {str(row["name"]) for row in site.db.run(site.db.from_(t).select(t["name"]).where(kept))}


def _problems(row: Row, kinds: set[str], signing: set[str]) -> set[str]:
	found = set()
	if not row["is_dynamic_url"] and not _is_address(str(row["request_url"] or "")):
		found.add("address")
	if str(row["webhook_doctype"]) not in kinds:
		found.add("kind")
	if row["enable_security"] and str(row["name"]) not in signing:
		found.add("signature")
	return found


def _is_address(url: str) -> bool:
	try:
		parts = urlsplit(url.strip())
		return parts.scheme in ("http", "https") and bool(parts.hostname)
	except ValueError:
		return False
