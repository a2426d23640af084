"""Switches of the configuration files, taken out of every file that sets them."""

from __future__ import annotations

from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.site import Site


def config_switch(site: Site, key: str) -> list[ConfigEdit]:
	"""Return the edits that take a switch out of the files in which it is on.

	A file where it is off is left alone: it says what somebody wants.
	"""
	files = (("site", site.config.site.values), ("common", site.config.common.values))
	return [ConfigEdit(file, key, values[key], ABSENT) for file, values in files if values.get(key)]  # type: ignore[arg-type]
