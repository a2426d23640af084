"""Real benches on this machine, if there are any: only read, never written."""

from __future__ import annotations

import os
from pathlib import Path

SITES = ("recovery-console.test", "recovery-console-mariadb.test", "recovery-console-postgres.test")


def benches() -> list[Path]:
	"""The folders in FRAPPE_BENCH, else the usual places."""
	named = os.environ.get("FRAPPE_BENCH")
	folders = named.split(os.pathsep) if named else ["~/frappe-bench", "~/frappe-bench-16"]
	return [path for text in folders if text and (path := Path(text).expanduser() / "sites").is_dir()]


def site_configs() -> list[Path]:
	"""The configuration of every test site on those benches."""
	paths = [sites / name / "site_config.json" for sites in benches() for name in SITES]
	return [path for path in paths if path.exists()]


def interpreters() -> list[Path]:
	"""The Python of every bench."""
	paths = [sites.parent / "env" / "bin" / "python" for sites in benches()]
	return [path for path in paths if path.exists()]
