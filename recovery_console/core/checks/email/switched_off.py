"""Is sending suspended or muted?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._failures import OPEN, QUEUE
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import hours


@dataclass(frozen=True)
class SwitchedOff(Check):
	"""Has somebody suspended the mail queue, or muted all mail in the configuration?

	Cost: one default value; the mails still to be sent are counted by the index on status when it is so.
	"""

	title = _("Sending switched off")
	needs = (QUEUE,)

	def run(self, site: Site) -> Answer:
		if (site.default("suspend_email_queue") or "").strip() == "1":
			yield from self._suspended(site)
		if site.config.flag("mute_emails"):
			yield from self._muted(site)

	def _suspended(self, site: Site) -> Iterator[Finding]:
		waiting, oldest = self._waiting(site)
		yield (self.critical if waiting else self.warning)(
			_("Sending is suspended. Mails waiting: {waiting}."),
			cause=_(
				"Somebody pressed Suspend Sending in the Email Queue list. Until it is resumed nothing is sent,"
				" and nothing says so."
			),
			remedy=_("Open the Email Queue list and press Resume Sending. Look first at what would go out."),
			subject="suspended",
			subjects=[("DefaultValue", "suspend_email_queue")],
			waiting=waiting,
			oldest_hours=hours(oldest),
		)

	def _muted(self, site: Site) -> Iterator[Finding]:
		waiting, oldest = self._waiting(site)
		files = ", ".join(path.name for path in site.config.defined_in("mute_emails"))
		yield (self.warning if waiting else self.info)(
			_("All mail is muted by mute_emails in {file}. Mails waiting: {waiting}."),
			cause=_("Right for a copy of the site for tests. On the site itself no mail ever leaves."),
			remedy=_(
				"If this is the real site: look at what waits in the Email Queue list, then take mute_emails out"
				" with `bench --site {site} set-config mute_emails 0`."
			),
			subject="muted",
			subjects=[("File", files)],
			file=files,
			site=site.name,
			waiting=waiting,
			oldest_hours=hours(oldest),
		)

	def _waiting(self, site: Site) -> tuple[int, timedelta]:
		t = table(QUEUE)
		row = site.db.run(
			site.db.from_(t)
			.select(fn.Count("*").as_("n"), fn.Min(t.creation).as_("oldest"))
			.where(t.status.isin(OPEN))
		)[0]
		return int(row["n"]), site.age(row["oldest"]) or timedelta(0)
