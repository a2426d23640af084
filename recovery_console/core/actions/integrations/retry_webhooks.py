"""Send documents again that a webhook did not deliver."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN, known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.integrations._deliveries import LOG, documents
from recovery_console.core.edits import Act
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RetryWebhooks(Action):
	"""Send each document again that a webhook failed to deliver and has not delivered since.

	What is sent is the document as it is now. Documents that were deleted meanwhile, and those of webhooks that are
	switched off, are left out. What was sent cannot be taken back.
	"""

	title = _("Send documents again that webhooks did not deliver")
	risk = Risk.DISRUPTIVE
	needs = ("Webhook", LOG)
	checks = ("integrations.webhooks",)
	batch_size: ClassVar[int] = 5

	#: Only these webhooks.
	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=1)
	most: int = 200

	def plan(self, site: Site) -> Plan:
		known_names(site, "Webhook", self.names)
		hooks = self._hooks(site)
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for webhook, names in documents(site, self.window, self.most * 2).items():
			if self.names and webhook not in self.names:
				continue
			doctype = hooks.get(webhook, "")
			if not doctype or not site.has_doctype(doctype):
				left_out.append(
					LeftOut(Subject("Webhook", webhook), _("It is switched off, or its kind is gone."))
				)
				continue
			there = {str(row["name"]) for row in rows_named(site, doctype, names, ())}
			gone = [name for name in names if name not in there]
			left_out += [LeftOut(Subject(doctype, name), _("It was deleted meanwhile.")) for name in gone]
			batches += [self._sent(site, webhook, doctype, name) for name in names if name in there]
		return self.planned(
			site,
			_("Documents to send again: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"The other program gets each document as it is now, and must not mind if it had it already."
				),
				_("Each is tried three times within seconds; a service that is down makes this slow."),
			]
			if batches
			else (),
			left_out=left_out[:SHOWN],
		)

	@staticmethod
	def _hooks(site: Site) -> dict[str, str]:
		t = table("Webhook")
		rows = site.db.run(site.db.from_(t).select(t["name"], t.webhook_doctype).where(t.enabled == 1))
		return {str(row["name"]): str(row["webhook_doctype"] or "") for row in rows}

	@staticmethod
	def _sent(site: Site, webhook: str, doctype: str, name: str) -> Batch:
		since = site.ago(timedelta(0)).isoformat(sep=" ")
		arguments = {"webhook": webhook, "doctype": doctype, "name": name, "since": since}
		act = Act(_("send again through {0}").format(webhook), doctype, name, arguments, frappe=True)
		return batch(doctype, name, act)
