"""Are payment gateways set up in full?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_PROBLEMS = {
	"settings": _(
		"Their settings are gone: the DocType was removed with its app, or the document was deleted."
	),
	"secret": _("A key or password that the settings demand is not stored: each payment ends in an error."),
	"webhook": _(
		"No secret is stored with which the gateway signs its messages: anybody can send one and have an invoice count"
		" as paid, or the site refuses them all."
	),
	"sandbox": _("They are in test mode: payments look real and bring no money."),
}
_TEST_MODES = ("use_sandbox", "sandbox_mode", "sandbox", "staging", "test_mode")


@dataclass(frozen=True)
class Gateways(Check):
	"""Has each Payment Gateway its settings, the secrets that they demand, and one to verify incoming messages?

	Whether the gateway accepts a secret shows only in its requests.

	Cost: the gateways, the password fields of their settings, and whether something is stored in each.
	"""

	title = _("Payment gateways")
	needs = ("Payment Gateway", "DocField")
	explained_by = ("config.apps_installed",)

	most: int = 100

	def run(self, site: Site) -> Answer:
		t = table("Payment Gateway")
		query = site.db.from_(t).select(t["name"], t.gateway_settings, t.gateway_controller)
		rows = site.db.run(query.orderby(t["name"]).limit(self.most))
		yield self.measure(payment_gateways=len(rows))
		found: dict[str, list[str]] = defaultdict(list)
		for row in rows:
			for problem in self._problems(site, row):
				found[problem].append(str(row["name"]))
		for problem, names in found.items():
			yield (self.info if problem == "sandbox" else self.warning)(
				_("Payment gateways in test mode: {count}.")
				if problem == "sandbox"
				else _("Payment gateways that are not set up in full: {count}."),
				cause=_PROBLEMS[problem],
				remedy=_(
					"Open each Payment Gateway named and its settings. Complete them with the keys from the gateway's own"
					" website, or delete the Payment Gateway if nobody pays through it any more."
				),
				subject=problem,
				subjects=[("Payment Gateway", name) for name in names],
			)

	def _problems(self, site: Site, row: Row) -> Iterator[str]:
		settings = str(row["gateway_settings"] or f"{row['name']} Settings")
		name = str(row["gateway_controller"] or settings)
		fields = self._fields(site, settings)
		if not fields or (row["gateway_controller"] and not self._is_there(site, settings, name)):
			yield "settings"
			return
		stored = self._stored(site, settings, name)
		passwords = [field for field in fields if field["fieldtype"] == "Password"]
		missing = [field for field in passwords if field["fieldname"] not in stored]
		if any("webhook" in str(field["fieldname"]) for field in missing):
			yield "webhook"
		if any(field["reqd"] and "webhook" not in str(field["fieldname"]) for field in missing):
			yield "secret"
		if any(self._is_on(site, settings, name, str(field["fieldname"])) for field in fields):
			yield "sandbox"

	def _fields(self, site: Site, settings: str) -> list[Row]:
		t = table("DocField")
		query = site.db.from_(t).select(t.fieldname, t.fieldtype, t.reqd)
		return site.db.run(query.where((t.parent == settings) & (t.parenttype == "DocType")))

	def _is_there(self, site: Site, settings: str, name: str) -> bool:
		if not site.has_doctype(settings):
			return False
		t = table(settings)
		return bool(site.db.count(site.db.from_(t).where(t["name"] == name)))

	def _stored(self, site: Site, settings: str, name: str) -> set[str]:
		t = raw_table("__Auth")
		query = site.db.from_(t).select(t["fieldname"])
		return {
			str(row["fieldname"])
			for row in site.db.run(query.where((t["doctype"] == settings) & (t["name"] == name)))
		}

	def _is_on(self, site: Site, settings: str, name: str, field: str) -> bool:
		if field not in _TEST_MODES:
			return False
		if not site.has_doctype(settings, field):
			return bool(site.single_int(settings, field))
		t = table(settings)
		query = site.db.from_(t).select(t[field]).where(t["name"] == name)
		return bool(int(site.db.value(query) or 0))
