"""Could mandates not be made?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.errors import _groups
from recovery_console.core.checks.errors._groups import Group
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateFailures(Check):
	"""Which errors of the last day came up while a mandate was made or changed, and why?

	A form that refuses a mandate tells its user and logs nothing; what programs, imports and portals could not make
	is logged as an error.

	Cost: the errors of the last day, read once for all checks.
	"""

	title = _("Mandates that could not be made")
	needs = (_groups.DOCTYPE,)
	explained_by = (
		"database.reachable",
		"database.missing_columns",
		"errors.repeated",
		"errors.new_since_update",
	)

	window: timedelta = timedelta(hours=24)
	most_groups: int = 5

	def run(self, site: Site) -> Answer:
		names = {profile["mandate"].doctype for profile in profiles_with(site, "mandate.status")}
		if not names:
			return
		signs = [sign for name in names for sign in (name, f"/{name.lower().replace(' ', '_')}.py")]
		groups = [
			group
			for group in _groups.recent(site, self.window)
			if any(sign in group.newest.text or sign in group.newest.title for sign in signs)
		]
		yield self.measure(mandate_errors=sum(len(group.errors) for group in groups))
		for group in groups[: self.most_groups]:
			yield self._report(site, group)

	def _report(self, site: Site, group: Group) -> Finding:
		told = _groups.tell(site, group)
		return self.warning(
			_("Errors while a mandate was made or changed, in the last {hours} h: {count}."),
			cause=_("{message}{known_cause}"),
			remedy=_(
				"{known_fix}Open the newest in Error Log to see whose mandate it was; correct what it names, and make the"
				" mandate again."
			),
			subject=group.mark.key,
			subjects=[(_groups.DOCTYPE, error.name) for error in group.errors],
			hours=round(self.window.total_seconds() / 3600),
			message=told.message,
			known_error=told.known_id,
			known_cause=told.cause,
			known_fix=told.fix,
		)
