"""The two configuration files, and how a plan names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from recovery_console.core.backends.config import ConfigFile
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.site import Site

LARGEST = 4 * 1024 * 1024
Which = Literal["site", "common"]
#: Switches that hold mail and jobs back, where a text that is no JSON any more still shows them on.
_HOLDS = re.compile(
	rb'"(mute_emails|pause_scheduler|disable_scheduler|maintenance_mode)"\s*:\s*(?:[1-9]|true\b)'
)


def both(site: Site) -> Iterator[tuple[Which, ConfigFile]]:
	"""Yield the site's own file and the one that all sites of the bench share."""
	yield "site", site.config.site
	yield "common", site.config.common


def in_bench(site: Site, path: Path) -> str:
	"""Return a path as edits name it."""
	return str(path.relative_to(site.bench))


def set_key(site: Site, which: Which, key: str, after: Any) -> ConfigEdit:
	"""Return the edit that sets a key of one of the files; ``ABSENT`` takes it out."""
	file = site.config.site if which == "site" else site.config.common
	return ConfigEdit(which, key, file.values.get(key, ABSENT), after)


def broken_copy(site: Site, path: Path) -> str:
	"""Return a free name beside a file, under which its broken content is kept."""
	stem = f"{path.name}.broken-{site.now():%Y%m%d-%H%M%S}"
	return in_bench(site, path.with_name(stem))


def holding(broken: bytes) -> list[str]:
	"""Return the switches that hold mail or jobs back and are on in a text that cannot be read as a whole."""
	return sorted({name.decode() for name in _HOLDS.findall(broken)})
