"""Does the watchman elsewhere hear from this site?"""

from __future__ import annotations

from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Heartbeat(Check):
	"""Do the calls to the watchman elsewhere fail, that are made after each snapshot?

	Cost: one read of the day's snapshots, by index.
	"""

	title = _("Calls to the watchman elsewhere")
	needs = (_snapshots.DOCTYPE,)
	explained_by = ("integrations.reachability",)

	window: timedelta = timedelta(days=1)
	#: So many in a row are no accident.
	at_least: int = 2

	def run(self, site: Site) -> Answer:
		if not site.has_doctype(_snapshots.DOCTYPE, "heartbeat", "heartbeat_error"):
			raise NotApplicable(_("The site was not migrated since the console learned to call."))
		t = table(_snapshots.DOCTYPE)
		query = site.db.from_(t).select(t["name"], t["heartbeat"], t["heartbeat_error"])
		query = query.where(_snapshots.within(site, t, self.window) & t["heartbeat"].isin(["Sent", "Failed"]))
		rows = site.db.run(query.orderby(t.creation, order=Order.desc).limit(100))
		if not rows:
			raise NotApplicable(_("No watchman was called in the last day: Recovery Settings name none."))
		sent = [number for number, row in enumerate(rows) if row["heartbeat"] == "Sent"]
		failed = rows[: sent[0]] if sent else rows
		yield self.measure(failed_calls=len(failed))
		if len(failed) < self.at_least:
			return
		yield self.warning(
			_("The last {count} calls to the watchman elsewhere failed."),
			cause=_("{error}"),
			remedy=_(
				"Look at the Heartbeat URL in Recovery Settings, and whether this machine may call out. Until then the"
				" watchman raises a false alarm, or is not there for a true one."
			),
			subjects=[(_snapshots.DOCTYPE, str(row["name"])) for row in failed],
			count=len(failed),
			error=redact_text(str(failed[0]["heartbeat_error"] or ""), personal=True)[:300]
			or _("It is not known why."),
		)
