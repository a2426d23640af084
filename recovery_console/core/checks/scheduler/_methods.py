"""Whether a dotted method exists, found by reading source files: nothing is imported, nothing runs."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
#: What stands before and behind a name in a line at the left edge that plainly makes it.
_PLAIN = (("\ndef ", "("), ("\nasync def ", "("), ("\nclass ", "("), ("\nclass ", ":"), ("\n", " = "))
#: Source files larger than this are not read whole.
_LARGEST = 4 * 1024 * 1024


def what_is_missing(site: Site, method: str) -> str | None:
	"""Return in one sentence why Frappe will not find a method; None when it will."""
	if not _DOTTED.fullmatch(method):
		return _("Its name is not a dotted path to a function.")
	app = method.partition(".")[0]
	if app not in site.installed_apps():
		return _("The app {0} is not installed on this site.").format(app)
	package = site.bench / "apps" / app / app
	if not site.remember(f"package:{app}", lambda: site.files.exists(package)):
		return _("There is no app {0} in {1}.").format(app, site.bench / "apps")
	module, _dot, name = method.rpartition(".")
	found = site.remember(f"module:{module}", lambda: _find(site, package, module.split(".")[1:]))
	if isinstance(found, str):
		return found
	return None if found.defines(name) else _("{0} defines no {1}.").format(found.path, name)


def _find(site: Site, package: Path, parts: list[str]) -> _Source | str:
	"""Return the source of a module, or in one sentence why there is none."""
	base = os.path.join(package, *parts)
	for path in (os.path.join(base, "__init__.py"), f"{base}.py"):
		if site.files.exists(path):
			return _Source(path, "\n" + site.files.read_text(path, _LARGEST))
	if any(Path(base).parent.glob(f"{os.path.basename(base)}.*.so")):
		return _Source(base, None)
	return _("There is no {0}.").format(f"{base}.py")


@dataclass(frozen=True)
class _Source:
	"""A module's source file, read once for all names that are looked for in it; no text where it is compiled."""

	path: str
	text: str | None

	def defines(self, name: str) -> bool:
		"""Tell whether a module has a name, as far as can be told without running it."""
		if self.text is None or any(begin + name + end in self.text for begin, end in _PLAIN):
			return True
		try:
			tree = ast.parse(self.text)
		except (SyntaxError, ValueError, RecursionError):
			return True  # another finding's business; it may well be there
		return any(_binds(node, name) for node in _top_level(tree.body))


def _top_level(body: list[ast.stmt]) -> list[ast.stmt]:
	"""Return the statements that run when a module is imported, those inside if and try included."""
	found: list[ast.stmt] = []
	for node in body:
		found.append(node)
		for part in ("body", "orelse", "finalbody"):
			if isinstance(node, (ast.If, ast.Try, ast.With)):
				found += _top_level(getattr(node, part, []))
		if isinstance(node, ast.Try):
			for handler in node.handlers:
				found += _top_level(handler.body)
	return found


def _binds(node: ast.stmt, name: str) -> bool:
	if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
		return node.name in (name, "__getattr__")  # a module's __getattr__ can make any name
	if isinstance(node, (ast.Import, ast.ImportFrom)):
		names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
		return bool(names & {name, "*"})
	if isinstance(node, (ast.Assign, ast.AnnAssign)):
		targets = node.targets if isinstance(node, ast.Assign) else [node.target]
		return any(
			isinstance(part, ast.Name) and part.id == name for target in targets for part in ast.walk(target)
		)
	return False
