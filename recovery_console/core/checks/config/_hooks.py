"""What the hooks.py of an app names, read as text: nothing is imported, nothing runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recovery_console.core.checks.config import _apps
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Hooks that run at every request, job or log-in: one dead name there stops everybody.
EVERYWHERE = (
	*("after_job", "after_request", "auth_hooks", "before_job", "before_request", "boot_session"),
	*("extend_bootinfo", "on_login", "on_logout", "on_session_creation", "update_website_context"),
)
SOMEWHERE = (
	*("doc_events", "get_translated_dict", "has_permission", "has_website_permission", "notification_config"),
	*("override_doctype_class", "override_whitelisted_methods", "permission_query_conditions"),
	*("standard_queries", "website_path_resolver", "after_migrate", "before_migrate"),
)


def parsed(site: Site, app: str) -> tuple[list[ast.stmt], str]:
	"""Return the statements of an app's hooks.py, and where it is not Python."""
	path = _apps.package(site, app) / "hooks.py"
	if not site.files.exists(path):
		return [], ""
	try:
		return ast.parse(site.files.read_text(path)).body, ""
	except SyntaxError as error:
		return [], _("line {0}").format(error.lineno)
	except (ValueError, RecursionError):
		return [], _("line {0}").format("?")


def named(tree: list[ast.stmt]) -> Iterator[tuple[str, str]]:
	"""Yield the hooks in a hooks.py, each with a dotted path that it names."""
	for node in tree:
		if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
			target = node.targets[0] if isinstance(node, ast.Assign) else node.target
			hook = target.id if isinstance(target, ast.Name) else ""
			if hook in EVERYWHERE or hook in SOMEWHERE:
				for text in _texts(node.value):
					if "." in text:
						yield hook, text


def _texts(node: ast.expr) -> Iterator[str]:
	"""Yield the texts in a list or in the values of a dict, at any depth."""
	if isinstance(node, ast.Constant) and isinstance(node.value, str):
		yield node.value
	elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
		for item in node.elts:
			yield from _texts(item)
	elif isinstance(node, ast.Dict):
		for value in node.values:
			yield from _texts(value)
