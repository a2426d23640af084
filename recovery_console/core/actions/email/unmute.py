"""Let a site send mail whose configuration mutes it."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._failures import OPEN, QUEUE
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "mute_emails"


@dataclass(frozen=True)
class Unmute(Action):
	"""Take mute_emails out of the way for this site only.

	On a copy of a site this lets mail go to real people: somebody must say that it is the real one.
	"""

	title = _("Let a muted site send mail")
	risk = Risk.DISRUPTIVE
	needs = (QUEUE,)
	checks = ("email.switched_off",)

	#: That this is the site itself, and no copy for tests.
	real_site: bool

	def plan(self, site: Site) -> Plan:
		if not self.real_site:
			raise UsageError(
				"Mail stays muted: nobody said that this is the real site.",
				remedy="On a copy leave it so. On the real site give real_site=yes.",
			)
		here, everywhere = site.config.site.values, site.config.common.values
		before = here.get(KEY, ABSENT)
		after = 0 if everywhere.get(KEY) else ABSENT
		edits = [ConfigEdit("site", KEY, before, after)] if site.config.flag(KEY) else []
		t = table(QUEUE)
		return self.planned(
			site,
			_("Let this site send mail; mails waiting: {waiting}"),
			[batch("File", "site_config.json", *edits)] if edits else [],
			warnings=self._warnings(site, common=bool(everywhere.get(KEY))),
			waiting=site.db.count(site.db.from_(t).where(t["status"].isin(OPEN))),
		)

	@staticmethod
	def _warnings(site: Site, *, common: bool) -> list[str]:
		said = [_("From then on mail goes to real people, beginning with what waits in the Email Queue.")]
		if common:
			said.append(_("All other sites of this bench stay muted by common_site_config.json."))
		if site.config.flag("developer_mode"):
			said.append(_("developer_mode is on, as on a copy for tests. Is this the real site?"))
		return said
