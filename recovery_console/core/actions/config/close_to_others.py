"""Close the configuration files to other users of the machine."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import both, in_bench
from recovery_console.core.checks.config._keys import holds_secrets
from recovery_console.core.edits import FileMode
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_OTHERS = 0o007


@dataclass(frozen=True)
class CloseToOthers(Action):
	"""Take the rights of all other users off configuration files that they can change, or read secrets in."""

	title = _("Close the configuration files")
	risk = Risk.REVERSIBLE
	checks = ("config.exposed",)

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		for _which, file in both(site):
			found = site.files.stat(file.path)
			if found is None:
				continue
			readable = holds_secrets(file) and site.files.open_to_others(file.path)
			if readable or site.files.open_to_others(file.path, write=True):
				name = in_bench(site, file.path)
				batches.append(batch("Path", name, FileMode(name, found.mode, found.mode & ~_OTHERS)))
		return self.planned(
			site,
			_("Configuration files to close to other users: {count}"),
			batches,
			warnings=[
				_(
					"Whoever had an account on this machine may have read the passwords: change them if that is not only you."
				)
			]
			if batches
			else [],
		)
