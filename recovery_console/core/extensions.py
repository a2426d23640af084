"""What other apps add to the console: they name packages in the hook ``recovery_console_extensions``.

A package may hold ``checks/<family>/<name>.py`` and ``knowledge/*.toml``, in the form of the console's own. The hook
is read from the source of hooks.py, so that it works where Frappe does not start.
"""

from __future__ import annotations

import ast
import errno
import importlib
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from recovery_console.core.check import Check
from recovery_console.core.errors import ConsoleError, SourceUnavailable
from recovery_console.core.knowledge.entry import KnownError, read_entries
from recovery_console.core.knowledge.site_entries import OF_APPS
from recovery_console.core.registry import all_checks, checks_in, in_order, unloadable
from recovery_console.core.site import Site

if TYPE_CHECKING:
	from recovery_console.core.action import Action
	from recovery_console.core.runbook import Runbook

logger = logging.getLogger(__name__)

HOOK = "recovery_console_extensions"
_LONGEST_HOOKS = 1024 * 1024


def checks_for(site: Site) -> dict[str, type[Check]]:
	"""Return every check by id that a site has: the console's, and those of the apps installed on it.

	A package that cannot be loaded, or whose id is taken, has a stand-in that is ``unknown``.
	"""
	site.remember(OF_APPS, lambda: _errors_or_none(site))
	found = dict(all_checks())
	for package in packages(site):
		for check in _checks_of(site, package):
			if check.id not in found:
				found[check.id] = check
				continue
			taken = ValueError(f"the id {check.id} is taken by {found[check.id].__module__}; rename its file")
			stand_in = unloadable(f"{package}.console.{check.id.replace('.', '_')}_again", taken)
			found[stand_in.id] = stand_in
	return in_order(found)


def _as_foreign_root(site: Site) -> bool:
	"""Tell whether root is at work on somebody else's bench, whose code it must not run."""
	return os.geteuid() == 0 and site.bench.stat().st_uid != 0


def _checks_of(site: Site, package: str) -> list[type[Check]]:
	try:
		if _as_foreign_root(site):
			raise PermissionError("root runs no code of the bench's user; run as that user")  # noqa: TRY301
		return checks_in(f"{package}.checks")
	except Exception as error:
		logger.exception("Extension %s cannot be loaded", package)
		return [unloadable(f"{package}.console.{package.replace('.', '_')}", error)]


def _errors_or_none(site: Site) -> tuple[KnownError, ...]:
	"""Return the known errors that explain findings of this diagnosis, too; ``explain`` says why there are none."""
	try:
		return errors_for(site)
	except ConsoleError as error:
		logger.info("The known errors of other apps cannot be read: %s", error.message)
		return ()


def errors_for(site: Site) -> tuple[KnownError, ...]:
	"""Return the known errors that the apps installed on a site bring.

	Raises:
		ConsoleError: A package or one of its files cannot be read.
	"""
	if packages(site) and _as_foreign_root(site):
		raise ConsoleError(
			"Root runs no code of the bench's user, so the apps' known errors were left out.",
			remedy="Run as the bench's user.",
		)
	return tuple(
		entry
		for package in packages(site)
		for folder in _folders(package)
		for entry in read_entries(folder / "knowledge")
	)


def _folders(package: str) -> list[Path]:
	try:
		return [Path(folder) for folder in importlib.import_module(package).__path__]
	except Exception as error:
		logger.exception("Extension %s cannot be loaded", package)
		raise ConsoleError(
			f"The package {package} cannot be loaded: {type(error).__name__}: {error}.",
			remedy="Correct it, or take it out of the hook of its app.",
		) from error


def _folders_or_none(package: str) -> list[Path]:
	try:
		return _folders(package)
	except ConsoleError:
		return []


def packages(site: Site) -> tuple[str, ...]:
	"""Return the packages that the apps of a site name, in the order of the apps."""
	return _hooks(site)[0]


def notes(site: Site) -> tuple[str, ...]:
	"""Say which apps could not be asked what they add: their checks and known errors may be missing."""
	return tuple(
		f"What the app {app} may add to the console was left out: its hooks.py {reason}."
		for app, reason in _hooks(site)[1]
	)


def _hooks(site: Site) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
	"""Return the packages that the apps name, and the apps whose hooks.py cannot be read, with the reason."""

	def read() -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
		named: list[str] = []
		unread: list[tuple[str, str]] = []
		for app in _apps(site):
			try:
				named += _named(site.bench / "apps" / app / app)
			except OSError as error:
				unread.append((app, f"cannot be read ({error.strerror or error})"))
			except (SyntaxError, ValueError, RecursionError):
				unread.append((app, "is no valid Python"))
		return tuple(named), tuple(unread)

	return site.remember(HOOK, read)


def _apps(site: Site) -> tuple[str, ...]:
	"""Return the apps installed on a site; all of the bench while its database cannot be asked."""
	try:
		return site.installed_apps()
	except SourceUnavailable:
		listed = site.bench / "sites" / "apps.txt"
		return tuple(listed.read_text("utf-8", "replace").split()) if listed.is_file() else ()


def _named(folder: Path) -> Iterator[str]:
	"""Read the hook in an app's folder, and make its packages importable.

	Raises:
		OSError: The file cannot be read.
		SyntaxError, ValueError, RecursionError: It names the hook, and is no Python.
	"""
	hooks = folder / "hooks.py"
	if not hooks.exists():  # as where an app is not on this bench, which config.apps_installed says
		return
	if hooks.stat().st_size > _LONGEST_HOOKS:
		raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
	text = hooks.read_text("utf-8", "replace")
	if HOOK not in text:
		return
	body = ast.parse(text).body
	if str(folder.parent) not in sys.path:
		sys.path.append(str(folder.parent))
	for node in body:
		if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
			targets = node.targets if isinstance(node, ast.Assign) else [node.target]
			if any(isinstance(target, ast.Name) and target.id == HOOK for target in targets):
				yield from _texts(node.value)


def _texts(value: ast.expr) -> list[str]:
	"""Return the texts in a hook: one, or a list of them. What only running the code would tell is left out."""
	found = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
	return [item.value for item in found if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def actions_for(site: Site) -> dict[str, type[Action]]:
	"""Return every action by id that a site has: the console's, and those of the apps installed on it."""
	from recovery_console.core.action_registry import actions_in, actions_in_order, all_actions

	found = dict(all_actions())
	for package in _own_packages(site):
		try:
			theirs = list(actions_in(f"{package}.actions"))
		except Exception:  # the others must work; `checks_for` says that something is wrong with this package
			logger.exception("The actions of extension %s cannot be loaded", package)
			continue
		for action in theirs:
			found.setdefault(action.id, action)
	return actions_in_order(found)


def runbooks_for(site: Site, actions: Mapping[str, type[Action]]) -> dict[str, Runbook]:
	"""Return every runbook by id that a site has: the console's, those of its apps, and its own.

	One of its own that cannot be used is left out; its page in Desk says why.
	"""
	from recovery_console.core.runbook_file import read_folder, read_runbook
	from recovery_console.core.runbooks import all_runbooks
	from recovery_console.core.runs import own_runbooks

	found = dict(all_runbooks())
	checks = checks_for(site)
	for package in _own_packages(site):
		for folder in _folders_or_none(package):
			theirs = read_folder(folder / "runbooks", actions, checks, package.partition(".")[0])
			found = {**theirs, **found}
	try:
		written = own_runbooks(site)
	except SourceUnavailable:
		return found
	for name, text in written.items():
		try:
			found.setdefault(name, read_runbook(name, text, actions, checks, "site"))
		except ConsoleError:
			logger.exception("The site's runbook %s cannot be used", name)
	return found


def _own_packages(site: Site) -> tuple[str, ...]:
	return () if packages(site) and _as_foreign_root(site) else packages(site)
