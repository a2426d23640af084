"""Mend settings whose value is of the wrong kind."""

from __future__ import annotations

from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import both, set_key
from recovery_console.core.checks.config._keys import SWITCHES
from recovery_console.core.checks.config.types import OTHERS, problem_of
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MendTypes(Action):
	"""Write switches that are texts as 0, and take out values from which Frappe can make nothing.

	What is taken out then has Frappe's own default.
	"""

	title = _("Mend settings of the wrong kind")
	risk = Risk.REVERSIBLE
	checks = ("config.types",)

	def plan(self, site: Site) -> Plan:
		wrong: dict[str, list[ConfigEdit]] = {}
		for which, file in both(site):
			for key, value in sorted(file.values.items()):
				if key not in OTHERS and problem_of(key, value):
					wrong.setdefault(key, []).append(set_key(site, which, key, _mended(key)))
		return self.planned(
			site,
			_("Settings to mend: {count}"),
			[batch("Setting", key, *edits) for key, edits in wrong.items()],
			warnings=[
				_("What is taken out has Frappe's own default: set it again where another value was meant."),
				_("Restart the bench afterwards: bench restart."),
			]
			if wrong
			else [],
		)


def _mended(key: str) -> Any:
	return 0 if key in SWITCHES else ABSENT
