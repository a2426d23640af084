"""The folder of a bench: what Frappe and its tools expect on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.doctypes import Frappe

VERSIONS: dict[str, dict[int, str]] = {
	"frappe": {15: "15.44.2", 16: "16.0.0-dev"},
	"erpnext": {15: "15.65.4", 16: "16.0.0-dev"},
	"verenigingen": {15: "1.0.0", 16: "1.0.0"},
	"banking": {15: "15.6.1", 16: "15.6.1"},
}
BRANCHES = {15: "version-15", 16: "develop"}
SITE_FOLDERS = ("locks", "logs", "public/files", "private/files", "private/backups")


def version(app: str, frappe: Frappe) -> str:
	"""The version that a sample bench shows for an app."""
	return VERSIONS.get(app, {}).get(frappe, "0.0.1")


def write_json(path: Path, data: dict[str, Any]) -> None:
	"""Write a configuration as Frappe does: sorted, indented by one."""
	path.write_text(json.dumps(data, indent=1, sort_keys=True))


def read_json(path: Path) -> dict[str, Any]:
	"""Read a configuration."""
	data: dict[str, Any] = json.loads(path.read_text())
	return data


def edit_json(path: Path, values: Mapping[str, Any]) -> None:
	"""Change keys of a configuration; None removes a key."""
	data = read_json(path)
	for key, value in values.items():
		if value is None:
			data.pop(key, None)
		else:
			data[key] = value
	write_json(path, data)


def make_bench(folder: Path, common: dict[str, Any]) -> None:
	"""The empty bench."""
	for name in ("apps", "sites", "logs", "config", "sites/assets"):
		(folder / name).mkdir(parents=True, exist_ok=True)
	(folder / "sites" / "apps.txt").write_text("")
	write_json(folder / "sites" / "common_site_config.json", common)
	for name in ("web", "web.error", "worker", "worker.error", "schedule", "schedule.error"):
		(folder / "logs" / f"{name}.log").write_text("")
	(folder / "Procfile").write_text(
		"web: bench serve\nschedule: bench schedule\nworker: bench worker\nsocketio: node socketio.js\n"
	)


def add_assets(folder: Path, app: str) -> None:
	"""What `bench build` leaves behind for an app: its bundles, and their place in `assets.json`."""
	built = {
		f"{app}.bundle.js": f"/assets/{app}/dist/js/{app}.bundle.7FJ2K4QD.js",
		f"{app}.bundle.css": f"/assets/{app}/dist/css/{app}.bundle.XM5TB3NA.css",
	}
	assets = folder / "sites" / "assets"
	for url in built.values():
		path = assets.parent / url.lstrip("/")
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text("/* built */\n")
	listing = assets / "assets.json"
	known = read_json(listing) if listing.exists() else {}
	write_json(listing, known | built)


def add_app(folder: Path, app: str, frappe: Frappe) -> None:
	"""Put an app on the bench: just enough of it to be recognised."""
	package = folder / "apps" / app / app
	if not package.exists():
		package.mkdir(parents=True)
		(package / "__init__.py").write_text(f'__version__ = "{version(app, frappe)}"\n')
		(package / "hooks.py").write_text(f'app_name = "{app}"\n')
		(package / "patches.txt").write_text("[pre_model_sync]\n\n[post_model_sync]\n")
	add_assets(folder, app)
	listing = folder / "sites" / "apps.txt"
	apps = listing.read_text().split()
	if app not in apps:
		listing.write_text("\n".join([*apps, app]) + "\n")


def add_function(folder: Path, method: str) -> None:
	"""Give an app of the bench a function that does nothing, by its dotted path."""
	module, _dot, name = method.rpartition(".")
	path = (folder / "apps" / method.partition(".")[0]).joinpath(*module.split(".")).with_suffix(".py")
	path.parent.mkdir(parents=True, exist_ok=True)
	line = f"def {name}(): ...\n"
	if not path.exists() or line not in path.read_text():
		with path.open("a") as file:
			file.write(line)


def make_site_folder(path: Path) -> None:
	"""The empty folder of a site."""
	for name in SITE_FOLDERS:
		(path / name).mkdir(parents=True, exist_ok=True)
	(path / "private").chmod(0o750)
