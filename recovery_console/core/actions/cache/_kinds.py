"""What a site keeps in the cache Redis, by kind: what Frappe computes again, and what it does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from recovery_console.core.backends.rq_records import text_of
from recovery_console.core.cached import cache_key
from recovery_console.core.site import Site

PAGE = 1000
#: Kind: names of keys, up to their first colon, that Frappe computes again from database and files.
KINDS: dict[str, frozenset[str]] = {
	"documents": frozenset({"document_cache"}),
	"forms": frozenset(
		{
			"data_import_column_header_map",
			"db_tables",
			"doctype_form_meta",
			"doctype_meta",
			"doctype_modules",
			"doctypes_with_web_view",
			"information_schema",
			"is_table",
			"last_modified",
			"linked_doctypes",
			"linked_with",
			"metadata_version",
			"table_columns",
			"workflow",
		}
	),
	"users": frozenset(
		{
			"bootinfo",
			"can_import",
			"contacts",
			"defaults",
			"desk_sidebar_items",
			"desktop_icons",
			"has_role",
			"home_page",
			"lang",
			"non_standard_user_types",
			"notification_config",
			"notifications",
			"portal_menu_items",
			"roles",
			"unseen_notes",
			"user_doc",
			"user_perm_can_read",
			"user_permissions",
			"user_recent",
		}
	),
	"website": frozenset(
		{
			"generator_routes",
			"page_context",
			"sitemap_routes",
			"website_404",
			"website_page",
			"website_redirects",
			"website_route_rules",
			"website_generator_routes",
		}
	),
	"translations": frozenset(
		{"lang_full_dict", "lang_user_translations", "languages", "merged_translations", "translation_assets"}
	),
	"apps": frozenset(
		{
			"active_domains",
			"active_modules",
			"all_apps",
			"app_hooks",
			"app_modules",
			"assets_json",
			"assignment_rule",
			"assignment_rule_map",
			"document_naming_rule_map",
			"domain_restricted_doctypes",
			"domain_restricted_pages",
			"energy_point_rule_map",
			"installed_app_modules",
			"installed_apps",
			"milestone_tracker_map",
			"module_app",
			"module_installed_app",
			"scheduler_events",
			"server_script_autocompletion_items",
			"server_script_map",
			"system_settings",
			"time_zone",
			"webhooks",
			"wkhtmltopdf_version",
		}
	),
	"functions": frozenset(),
}
#: Results of functions are kept under the function's dotted path.
_DOTTED = re.compile(r"[a-z_]\w*(?:\.[A-Za-z_<>]\w*[>]?){2,}", re.IGNORECASE)


def kind_of(name: str) -> str:
	"""Return the kind of a key; empty for one that Frappe may not be able to compute again."""
	head = name.partition(":")[0]
	if _DOTTED.fullmatch(head):
		return "functions"
	return next((kind for kind, names in KINDS.items() if head in names), "")


def keys_of(site: Site) -> Iterator[tuple[bytes, str]]:
	"""Yield the keys of this site in the cache, each with its name; never another site's."""
	prefix = cache_key(site, "")
	pattern = re.sub(rb"([\\*?\[\]^-])", rb"\\\1", prefix) + b"*"
	with site.cache.client() as client:
		for key in client.scan_iter(match=pattern, count=PAGE):
			if key.startswith(prefix):
				yield key, text_of(key[len(prefix) :])


def counted(site: Site) -> tuple[Counter[str], Counter[str]]:
	"""Return how many keys there are of each kind, and of each name that has no kind."""
	kinds: Counter[str] = Counter()
	others: Counter[str] = Counter()
	for _key, name in keys_of(site):
		kind = kind_of(name)
		if kind:
			kinds[kind] += 1
		else:
			others[name.partition(":")[0][:60]] += 1
	return kinds, others
