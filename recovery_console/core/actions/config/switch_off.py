"""Switch off what is meant for developers."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._switches import config_switch
from recovery_console.core.checks.config.switches import SWITCHES, is_on
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SwitchOff(Action):
	"""Take developer_mode, allow_tests and ignore_csrf out of the configuration files that set them."""

	title = _("Switch off developers' settings")
	risk = Risk.REVERSIBLE
	checks = ("config.switches",)

	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		unknown = [name for name in self.names if name not in SWITCHES]
		if unknown:
			raise UsageError(
				f"{', '.join(unknown)[:200]} is no such switch.", remedy=f"There are: {', '.join(SWITCHES)}."
			)
		wanted = [name for name in self.names or SWITCHES if is_on(site, name)]
		batches = [batch("Setting", name, *config_switch(site, name)) for name in wanted]
		bench_wide = [name for name in wanted if site.config.common.values.get(name)]
		return self.planned(
			site,
			_("Developers' settings to switch off: {count}"),
			batches,
			warnings=[
				*([_("Restart the bench afterwards: bench restart.")] if batches else []),
				*(
					[_("For all sites of the bench: {0}.").format(", ".join(bench_wide))]
					if bench_wide
					else []
				),
			],
			switches=wanted,
		)
