"""Apps of the bench as their folders show them: nothing is imported, nothing runs."""

from __future__ import annotations

import re
from pathlib import Path

from recovery_console.core.site import Site

_VERSION = re.compile(r"""^__version__\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def package(site: Site, app: str) -> Path:
	"""Return where an app's package lies."""
	return site.bench / "apps" / app / app


def importable(site: Site, app: str) -> bool:
	"""Tell whether Python of this bench will find an app: beside the others, or installed in its environment."""
	if site.files.exists(package(site, app) / "__init__.py"):
		return True
	return any((site.bench / "env" / "lib").glob(f"python3*/site-packages/{app}/__init__.py"))


def listed(site: Site) -> list[str]:
	"""Return the apps that apps.txt names.

	Raises:
		SourceUnavailable: The file may not be read.
	"""
	path = site.bench / "sites" / "apps.txt"
	if not site.files.exists(path):
		return []
	return [line.strip() for line in site.files.read_text(path).splitlines() if line.strip()]


def version(site: Site, app: str) -> str:
	"""Return the version that an app's source shows; empty where it shows none."""
	path = package(site, app) / "__init__.py"
	found = _VERSION.search(site.files.read_text(path)) if site.files.exists(path) else None
	return found[1] if found else ""


def branch(site: Site, app: str) -> str:
	"""Return the branch that an app's repository stands on; empty where there is none."""
	text = _head(site, app)
	return text.removeprefix("ref: refs/heads/") if text.startswith("ref: refs/heads/") else ""


def commit(site: Site, app: str) -> str:
	"""Return the commit that an app's repository stands on; empty where that cannot be read."""
	text = _head(site, app)
	if not text.startswith("ref: "):
		return text
	folder, name = site.bench / "apps" / app / ".git", text.removeprefix("ref: ")
	if site.files.exists(folder / name):
		return site.files.read_text(folder / name).strip()
	if site.files.exists(folder / "packed-refs"):
		for line in site.files.read_text(folder / "packed-refs").splitlines():
			if line.endswith(f" {name}"):
				return line.partition(" ")[0]
	return ""


def _head(site: Site, app: str) -> str:
	path = site.bench / "apps" / app / ".git" / "HEAD"
	return site.files.read_text(path).strip() if site.files.exists(path) else ""
