"""Take what belongs to one site out of the file that all sites share."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.backends.config import read_config_file
from recovery_console.core.bench import site_names
from recovery_console.core.checks.config.misplaced import OF_ONE_SITE, OF_THE_SERVER
from recovery_console.core.edits import ABSENT
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MoveSiteKeys(Action):
	"""Move secrets of a site from common_site_config.json to its site_config.json; take root passwords out.

	A key that another site of the bench takes from there, having none of its own, is left where it is.
	"""

	title = _("Move secrets to the right file")
	risk = Risk.REVERSIBLE
	checks = ("config.misplaced",)

	def plan(self, site: Site) -> Plan:
		common = site.config.common.values
		batches: list[Batch] = []
		left: list[LeftOut] = []
		for key in (key for key in OF_ONE_SITE if common.get(key)):
			if others := self._needing(site, key):
				why = _("Other sites have none of their own and use this one: {0}.").format(
					", ".join(others[:5])
				)
				left.append(LeftOut(Subject("Setting", key), why))
				continue
			own = [] if site.config.site.values.get(key) else [set_key(site, "site", key, common[key])]
			batches.append(batch("Setting", key, *own, set_key(site, "common", key, ABSENT)))
		batches += [
			batch("Setting", key, set_key(site, "common", key, ABSENT))
			for key in OF_THE_SERVER
			if common.get(key)
		]
		return self.planned(
			site,
			_("Secrets to take out of common_site_config.json: {count}"),
			batches,
			left_out=left,
			warnings=[_("Whoever could read the file knows them: change them where that matters.")]
			if batches
			else [],
		)

	@staticmethod
	def _needing(site: Site, key: str) -> list[str]:
		return [
			name
			for name in site_names(site.bench)
			if name != site.name
			and not read_config_file(site.bench / "sites" / name / "site_config.json").values.get(key)
		]
