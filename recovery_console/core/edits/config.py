"""One key of a configuration file."""

from __future__ import annotations

from typing import Any, Literal

from recovery_console.core.edits.base import ABSENT, Absent, Edit, Target
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass

FILES = {"site": "site_config.json", "common": "common_site_config.json"}


@dataclass(frozen=True)
class ConfigEdit(Edit):
	"""Set or take out one key of ``site_config.json`` or ``common_site_config.json``.

	Args:
		file: ``site`` or ``common``.
		key: The key.
		before: Its value now; ``ABSENT`` where there is none.
		after: Its value afterwards; ``ABSENT`` takes it out.
		follows: The key that it stands behind in the file, so that it can be put back there; ``ABSENT`` for the
			first. None: it goes where the file's own order wants it.
	"""

	file: Literal["site", "common"]
	key: str
	before: Any
	after: Any
	follows: str | Absent | None = None

	@property
	def target(self) -> Target:
		return Target.CONFIG

	@property
	def subject(self) -> Subject:
		return Subject("Configuration", f"{FILES[self.file]}: {self.key}")

	def reversed(self) -> ConfigEdit:
		return ConfigEdit(self.file, self.key, self.after, self.before, self.follows)

	def shown(self) -> list[tuple[str, Any, Any]]:
		before, after = ("not set" if value is ABSENT else value for value in (self.before, self.after))
		return [(self.key, before, after)]
