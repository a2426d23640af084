"""Take old failed mails out of the queue, each saved in a file first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._kept import FOLDER, taken_out
from recovery_console.core.actions.email._mails import QUEUE, RECIPIENT
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._failures import TAIL, cause_of
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class PurgeFailed(Action):
	"""Delete mails in Error with their recipients, after each was saved in a file of the site's private folder."""

	title = _("Delete old failed mails")
	risk = Risk.REVERSIBLE
	needs = (QUEUE, RECIPIENT)
	checks = ("email.given_up", "email.recipient_domains")

	names: tuple[str, ...] = ()
	#: Part of the error, or its kind as the finding names it, such as ``SMTPRecipientsRefused 550``.
	error: str = ""
	#: Only mails whose recipient the server refused for good.
	refused_only: bool = False
	older_than: timedelta = timedelta(days=7)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		rows = self._chosen(site)
		batches = list(taken_out(site, [str(row["name"]) for row in rows[: self.most]]))
		rest = min(len(rows), self.most) - len(batches)
		return self.planned(
			site,
			_("Failed mails to delete, each saved in {folder}: {count}"),
			batches,
			most=self.most,
			warnings=[_("{0} more are too large for one run. Run it again for the rest.").format(rest)]
			if rest
			else [],
			folder=f"{site.name}/{FOLDER}",
			more=max(len(rows) - self.most, 0),
		)

	def _chosen(self, site: Site) -> list[dict[str, Any]]:
		if self.names:
			return mails.named(site, self.names, ("error", "modified"), ("Error",))
		t = table(QUEUE)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t["error"], t["modified"])
			.where((t["status"] == "Error") & (t["modified"] < site.ago(self.older_than)))
			.orderby(t["modified"], t["name"])
			.limit(2 * self.most + 1)
		)
		return [row for row in rows if self._fits(str(row["error"] or ""))]

	def _fits(self, error: str) -> bool:
		cause = cause_of(error[-TAIL:])
		wanted = " ".join(self.error.lower().split())
		if self.refused_only and not cause.about_recipient:
			return False
		return not wanted or wanted in error.lower() or wanted in cause.label.lower()
