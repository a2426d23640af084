"""Actions on the cache: only this site's keys, only what Frappe computes again."""

from __future__ import annotations

import pytest

from recovery_console.core.actions.cache._kinds import kind_of
from recovery_console.core.actions.cache._settings import with_setting
from recovery_console.core.errors import UsageError
from tests.core.actions._trying import acts_done, planned
from tests.support.repairs import engine, start, to_the_end
from tests.support.sample import SampleSite

KEPT = (
	"insert_queue_for_Error Log",
	"login_failed_count",
	"login_failed_time",
	"session",
	"_user_settings",
	"global_search_queue",
	"rl:frappe.core.doctype.user.user.reset_password:127.0.0.1",
	"rate-limit-counter-1",
	"monitor-transactions",
	"abcd1234_otp_secret",
	"something of an app",
)
COMPUTED = {
	"document_cache::System Settings::System Settings": "documents",
	"doctype_meta::User": "forms",
	"user_permissions": "users",
	"website_route_rules": "website",
	"merged_translations": "translations",
	"app_hooks": "apps",
	"frappe.website.doctype.web_page.web_page.get_dynamic_web_pages": "functions",
}


def test_what_is_kept_nowhere_else_has_no_kind() -> None:
	assert [kind_of(name) for name in KEPT] == [""] * len(KEPT)
	assert {name: kind_of(name) for name in COMPUTED} == COMPUTED


def test_only_this_sites_computed_keys_go(site: SampleSite) -> None:
	site.cache.flushall()
	for name in (*KEPT, *COMPUTED):
		site.cache.set(site.cache_key(name), b"x")
		site.cache.set(f"_other|{name}", b"x")
		site.cache.set(f"{site.db_name}x|{name}", b"x")
	plan, said = acts_done(site, "cache.clear_site")
	assert plan.evidence["keys"] == len(COMPUTED) == len(said)
	assert {name for name in (*KEPT, *COMPUTED) if site.cache.exists(site.cache_key(name))} == set(KEPT)
	assert site.cache.dbsize() == 3 * len(KEPT) + 2 * len(COMPUTED)


def test_named_kinds_go_and_no_others(site: SampleSite) -> None:
	for name in COMPUTED:
		site.cache.set(site.cache_key(name), b"x")
	plan, _said = acts_done(site, "cache.clear_site", kinds=["documents", "website"])
	assert plan.count == 2
	assert not site.cache.exists(site.cache_key("website_route_rules"))
	assert site.cache.exists(site.cache_key("app_hooks"))
	with pytest.raises(UsageError, match="no kind"):
		planned(site, "cache.clear_site", kinds=["*"])


def test_a_document_is_read_anew_and_can_come_back(site: SampleSite) -> None:
	key = site.cache_key("document_cache::User::Administrator")
	site.cache.set(key, b"old", ex=600)
	works = engine(site)
	given = {"doctype": "User", "name": "Administrator"}
	to_the_end(works, start(works, "clear-document-cache", given, site), site)
	assert not site.cache.exists(key)
	with pytest.raises(UsageError, match="no DocType"):
		planned(site, "cache.clear_document", doctype="x' OR 1=1", name="y")


def test_a_setting_is_changed_in_its_place_or_added() -> None:
	text = "port 13000\nmaxmemory 100mb\nmaxmemory-policy noeviction\n"
	assert with_setting(text, "maxmemory", "5") == "port 13000\nmaxmemory 5\nmaxmemory-policy noeviction\n"
	assert with_setting("port 1\n", "maxmemory", "5") == "port 1\nmaxmemory 5\n"
	assert with_setting("# maxmemory 1\nport 1", "maxmemory", "5") == "# maxmemory 1\nport 1\nmaxmemory 5\n"


def test_the_file_of_a_server_follows(site: SampleSite) -> None:
	path = site.bench.folder / "config" / "redis_queue.conf"
	path.write_text("port 1\nmaxmemory-policy allkeys-lru\n")
	site.queue.config_set("maxmemory", 500_000_000)
	site.queue.config_set("maxmemory-policy", "allkeys-lru")
	works = engine(site)
	run = to_the_end(works, start(works, "redis-policy", {"server": "queue"}, site), site)
	assert run.state.value == "Succeeded", run.said
	assert path.read_text() == "port 1\nmaxmemory-policy noeviction\n"
	assert site.queue.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


@pytest.mark.parametrize("mib", [1, 10**9])
def test_memory_must_be_enough_and_not_too_much(site: SampleSite, mib: int) -> None:
	with pytest.raises(UsageError):
		planned(site, "cache.set_memory", server="queue", mib=mib)


def test_a_server_is_cache_or_queue(site: SampleSite) -> None:
	for action in ("set_memory", "set_policy", "save_again"):
		with pytest.raises(UsageError, match="cache or queue"):
			planned(site, f"cache.{action}", server="redis://127.0.0.1:6379")


def test_one_server_for_both_gets_no_policy(site: SampleSite) -> None:
	site.bench.set_common_config(redis_cache=site.bench.redis_queue.url)
	with pytest.raises(UsageError, match="same Redis"):
		planned(site, "cache.set_policy", server="queue")
