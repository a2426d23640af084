"""Does every setting have the kind of value that Frappe expects?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config._keys import NUMBERS, OBJECTS, SWITCHES, is_number, says_off
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Whatever their text is, the checks of the scheduler say what it does.
OTHERS = ("maintenance_mode", "pause_scheduler", "disable_scheduler")


@dataclass(frozen=True)
class Types(Check):
	"""Do the known settings hold the kind of value that Frappe expects: switches, numbers, groups?

	Cost: none; the files were read when the site was opened.
	"""

	title = _("Settings of the wrong kind")

	def run(self, site: Site) -> Answer:
		wrong = dict(self._wrong(site))
		if wrong:
			yield self.warning(
				_("Settings whose value is of the wrong kind: {keys}."),
				cause="{problems}",
				remedy=_(
					"Write switches as 0 or 1 and numbers as digits, without quotes, and take out what is meant to be"
					" empty. The settings stand in {files}; restart the bench afterwards."
				),
				subjects=[("Setting", key) for key in wrong],
				keys=", ".join(wrong),
				problems=" ".join(f"{key} {problem}" for key, problem in wrong.items()),
				files=", ".join(sorted({self._files(site, key) for key in wrong})),
			)

	def _wrong(self, site: Site) -> Iterator[tuple[str, str]]:
		merged = {**site.config.common.values, **site.config.site.values}
		for key, value in sorted(merged.items()):
			problem = problem_of(key, value)
			if problem and key not in OTHERS:
				yield key, problem

	@staticmethod
	def _files(site: Site, key: str) -> str:
		return ", ".join(path.name for path in site.config.defined_in(key))


def problem_of(key: str, value: Any) -> str:
	"""Return what is wrong with the value of a known setting; empty where nothing is."""
	if key in SWITCHES:
		return _("is a text that says off, which Frappe takes as on.") if says_off(value) else ""
	if key in NUMBERS and value not in (None, "") and not is_number(value):
		return _("is not a number; Frappe takes it as 0.")
	if key in OBJECTS and value is not None and not isinstance(value, dict):
		return _("is not a group of keys and values in braces.")
	if value == "None":
		return _("holds the word None, which Frappe takes as a value.")
	return ""
