"""Switch off webhooks that cannot work or reach nobody."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import dropped, known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.integrations._deliveries import LOG, per_webhook
from recovery_console.core.checks.integrations.webhook_setup import WebhookSetup
from recovery_console.core.finding import Finding, _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DisableWebhook(Action):
	"""Switch off webhooks: those named, or those whose settings cannot work; with ``dead`` those that reach nobody.

	While a webhook is off, nothing is noted for it: what happens meanwhile is not sent later by itself.
	"""

	title = _("Switch off webhooks")
	risk = Risk.DISRUPTIVE  # what happens while it is off is sent to nobody, undone or not
	needs = ("Webhook",)
	checks = ("integrations.webhook_setup",)

	names: tuple[str, ...] = ()
	#: Those that delivered nothing within the window, and failed for so many documents.
	dead: bool = False
	dead_from: int = 10
	window: timedelta = timedelta(days=1)
	most: int = 100

	def plan(self, site: Site) -> Plan:
		names = known_names(site, "Webhook", self.names) or (
			self._dead(site) if self.dead else self._broken(site)
		)
		t = table("Webhook")
		query = site.db.from_(t).select(t["name"], t["enabled"], t["modified"]).where(t["enabled"] == 1)
		rows = site.db.run(query.where(t["name"].isin(list(names) or [""])).orderby(t["name"]))
		now, copies = site.ago(timedelta(0)), dropped(site, "webhooks")
		return self.planned(
			site,
			_("Webhooks to switch off: {count}"),
			[
				batch(
					"Webhook", row["name"], *copies, changed("Webhook", row, enabled=0, modified=now), *copies
				)
				for row in rows
			],
			most=self.most,
			warnings=[
				_(
					"What happens while they are off is not sent later; send it again by hand when they are on."
				)
			]
			if rows
			else (),
		)

	@staticmethod
	def _broken(site: Site) -> tuple[str, ...]:
		found = [finding for finding in WebhookSetup().run(site) if isinstance(finding, Finding)]
		return tuple({subject.name for finding in found for subject in finding.subjects})

	def _dead(self, site: Site) -> tuple[str, ...]:
		if not site.has_doctype(LOG):
			return ()
		return tuple(
			str(row["webhook"])
			for row in per_webhook(site, self.window)
			if not row["arrived"] and int(row["undelivered"] or 0) >= self.dead_from
		)
