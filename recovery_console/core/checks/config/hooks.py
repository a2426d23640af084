"""Do the functions exist that the apps' hooks name?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.config import _apps
from recovery_console.core.checks.scheduler._methods import what_is_missing
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Hooks that run at every request, job or log-in: one dead name there stops everybody.
_EVERYWHERE = (
	*("after_job", "after_request", "auth_hooks", "before_job", "before_request", "boot_session"),
	*("extend_bootinfo", "on_login", "on_logout", "on_session_creation", "update_website_context"),
)
_SOMEWHERE = (
	*("doc_events", "get_translated_dict", "has_permission", "has_website_permission", "notification_config"),
	*("override_doctype_class", "override_whitelisted_methods", "permission_query_conditions"),
	*("standard_queries", "website_path_resolver", "after_migrate", "before_migrate"),
)


@dataclass(frozen=True)
class Hooks(Check):
	"""Do all functions and classes that the installed apps' hooks.py name exist?

	Cost: a hooks.py per app, and each source file that it names once; nothing is imported. The scheduled methods
	are another check's.
	"""

	title = _("Hooks of the apps")
	needs = ("DefaultValue",)
	explained_by = ("config.apps_installed",)

	def run(self, site: Site) -> Answer:
		dead: dict[str, str] = {}
		everywhere = False
		seen = 0
		for app in site.installed_apps():
			for hook, path in set(_named(site, app)):
				seen += 1
				missing = what_is_missing(site, path)
				if missing:
					dead[path] = f"{app}, {hook}: {path}. {missing}"
					everywhere = everywhere or hook in _EVERYWHERE
		yield self.measure(hooks=seen)
		if dead:
			yield (self.critical if everywhere else self.warning)(
				_("Hooks that name code which does not exist: {count}."),
				cause=_(
					"{first} An app was updated or taken away only in part. Whatever the hook belongs to (a page, saving"
					" a document, a log-in) ends in an error."
				),
				remedy=_(
					"Bring the app named and the apps that it relies on to versions that fit together, or correct the"
					" line in its hooks.py; then restart the bench."
				),
				subjects=[("Hook", path) for path in sorted(dead)],
				first=dead[min(dead)],
				hooks=[dead[path] for path in sorted(dead)][:20],
			)


def _named(site: Site, app: str) -> Iterator[tuple[str, str]]:
	"""Yield the hooks of an app, each with a dotted path that it names."""
	path = _apps.package(site, app) / "hooks.py"
	if not site.files.exists(path):
		return
	try:
		tree = ast.parse(site.files.read_text(path))
	except SyntaxError:
		return
	for node in tree.body:
		if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
			hook = node.targets[0].id
			if hook in _EVERYWHERE or hook in _SOMEWHERE:
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
