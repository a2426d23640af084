"""Which of the site's own scripts may anybody run?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class GuestScripts(Check):
	"""Which Server Scripts may people run who are not logged in, and how often?

	Where the bench lets no Server Script run, there is nothing to fear.

	Cost: the Server Scripts that are switched on.
	"""

	title = _("Server Scripts for guests")
	needs = ("Server Script",)

	def run(self, site: Site) -> Answer:
		if not site.config.common.values.get("server_script_enabled"):
			return
		t = table("Server Script")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.enable_rate_limit)
			.where((t.disabled == 0) & (t.script_type == "API") & (t.allow_guest == 1))
			.orderby(t["name"])
		)
		yield from self._about(
			[str(row["name"]) for row in rows if not row["enable_rate_limit"]], limited=False
		)
		yield from self._about([str(row["name"]) for row in rows if row["enable_rate_limit"]], limited=True)

	def _about(self, names: list[str], *, limited: bool) -> Iterator[Finding]:
		if names:
			yield (self.info if limited else self.warning)(
				_("Server Scripts that anybody on the internet may run, with a limit: {count}.")
				if limited
				else _("Server Scripts that anybody on the internet may run as often as they like: {count}."),
				cause=_(
					"Allow Guest is ticked, and such a script reads and writes without looking at permissions unless it"
					" asks for them itself."
				),
				remedy=_(
					"Read each script: does it give out or change only what everybody may see? Untick Allow Guest where"
					" it is not needed, and tick Enable Rate Limit for the others."
				),
				subject="limited" if limited else "unlimited",
				subjects=[("Server Script", name) for name in names],
			)
