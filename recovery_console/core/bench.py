"""A bench as its folder shows it: its sites, its version, its queues."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from recovery_console.core.backends.config import Config
from recovery_console.core.backends.queues import STANDARD_QUEUES
from recovery_console.core.errors import NotFoundError


def find_bench(path: Path) -> Path:
	"""Return the bench that ``path`` is, or lies in.

	Raises:
		NotFoundError: Neither it nor a folder above it holds a ``sites`` folder.
	"""
	try:
		start = path.expanduser().resolve()
		for folder in (start, *start.parents):
			if (folder / "sites").is_dir() and (
				(folder / "apps").is_dir() or (folder / "sites" / "apps.txt").exists()
			):
				return folder
	except (OSError, RuntimeError) as error:
		raise NotFoundError(f"{path} cannot be read: {error}.", remedy="Run as the bench's user.") from error
	raise NotFoundError(
		f"There is no bench at {path}: no folder there or above it holds `sites` and `apps`.",
		remedy="Name it with --bench, such as --bench /home/frappe/frappe-bench.",
	)


def site_names(bench: Path) -> list[str]:
	"""Return the sites of a bench: the folders in ``sites`` that hold a site_config.json."""
	try:
		return sorted(path.parent.name for path in (bench / "sites").glob("*/site_config.json"))
	except OSError:
		return []


def read_frappe_version(bench: Path) -> str:
	"""Return the version of Frappe in a bench, read from its source; empty when there is none."""
	try:
		source = (bench / "apps" / "frappe" / "frappe" / "__init__.py").read_text("utf-8", "replace")
	except OSError:
		return ""
	found = re.search(r"""^__version__\s*=\s*["']([^"']+)["']""", source, re.MULTILINE)
	return found[1] if found else ""


def major(version: str) -> int:
	"""Return the major part of a version; 0 when there is none."""
	found = re.match(r"\d+", version)
	return int(found[0]) if found else 0


def bench_id(bench: Path, config: Config) -> str:
	"""Return the prefix of a bench's queues: ``bench_id``, else its path with dashes, as Frappe has it.

	Frappe takes the path from FRAPPE_BENCH_ROOT as it is written there, symbolic links and all.
	"""
	root = os.environ.get("FRAPPE_BENCH_ROOT")
	path = root if root and Path(root).resolve() == bench else str(bench)
	return str(config.get("bench_id") or path.strip("/").replace("/", "-"))


def queue_limits(config: Config) -> dict[str, int]:
	"""Return the time limit in seconds of every queue, custom ones (``workers``) included."""
	limits = dict(STANDARD_QUEUES)
	workers = config.get("workers")
	if isinstance(workers, dict):
		for name, options in workers.items():
			limits[str(name)] = _timeout(options)
	return limits


def _timeout(options: Any) -> int:
	try:
		return int(options["timeout"])
	except (TypeError, KeyError, ValueError):
		return STANDARD_QUEUES["default"]
