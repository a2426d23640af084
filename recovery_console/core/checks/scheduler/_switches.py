"""Settings in the configuration files that switch the scheduler off."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: What each setting means to the scheduler.
SETTINGS = {
	"pause_scheduler": _(
		"Somebody paused it (`bench scheduler pause`), or an update that did so never ended."
	),
	"disable_scheduler": _(
		"Somebody disabled it; `bench scheduler resume` and `enable` do not undo this one."
	),
}


@dataclass(frozen=True)
class Switch:
	"""A setting that is on.

	Args:
		key: Its name.
		value: Its value, as it stands in the file.
		path: The file that sets it.
		is_common: That file holds for all sites of the bench.
		site: Name of the site.
		file_changed: When the file was last written: the setting was made no later than that.
	"""

	key: str
	value: Any
	path: Path
	is_common: bool
	site: str
	file_changed: datetime | None

	@property
	def scope(self) -> str:
		return "bench" if self.is_common else "site"

	@property
	def shown(self) -> str:
		return json.dumps(self.value)

	@property
	def command(self) -> str:
		"""The command that switches it back."""
		if self.is_common:
			return f"`bench set-config -g {self.key} 0`"
		if self.key == "pause_scheduler":
			return f"`bench --site {self.site} scheduler resume`"
		if self.key == "maintenance_mode":
			return f"`bench --site {self.site} set-maintenance-mode off`"
		return f"`bench --site {self.site} set-config {self.key} 0`"


def find_switch(site: Site, key: str) -> Switch | None:
	"""Return a setting if it is on. Frappe asks only whether the value is empty: the text "0" is not."""
	value = site.config.get(key)
	if not value:
		return None
	path = site.config.defined_in(key)[0]
	found = site.files.stat(path)
	return Switch(
		key=key,
		value=value,
		path=path,
		is_common=path == site.config.common.path,
		site=site.name,
		file_changed=found.modified if found else None,
	)
