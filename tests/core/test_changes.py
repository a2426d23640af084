"""What changed shortly before: from files, code and documents, latest first, and never guessed."""

from __future__ import annotations

import os
from datetime import timedelta

from recovery_console.core.changes import Change, recent_changes
from recovery_console.core.site import open_site
from tests.conftest import look_at
from tests.support.sample import SampleSite


def changes(site: SampleSite) -> tuple[list[Change], list[str]]:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return recent_changes(opened)


def age_files(site: SampleSite) -> None:
	"""Make the bench's own files older than the look-back."""
	old = (site.bench.now - timedelta(days=3)).timestamp()
	for path in (
		site.config_path,
		site.bench.common_config_path,
		site.bench.folder / "sites" / "apps.txt",
		site.bench.folder / "sites" / "assets" / "assets.json",
	):
		if path.exists():
			os.utime(path, (old, old))


def test_a_quiet_site_has_none(any_site: SampleSite) -> None:
	age_files(any_site)
	found, notes = changes(any_site)
	assert [change.what for change in found if "Code of" not in change.what] == []
	assert notes == []


def test_documents_and_patches_are_told_latest_first(any_site: SampleSite) -> None:
	age_files(any_site)
	any_site.insert("Patch Log", patch="erpnext.patches.v15_0.one", creation=any_site.hours_ago(5))
	any_site.insert("Patch Log", patch="erpnext.patches.v15_0.two", creation=any_site.hours_ago(4))
	any_site.insert("Property Setter", name="Customer-main-search_fields", creation=any_site.hours_ago(2))
	any_site.insert("Property Setter", name="Old-main-search_fields", creation=any_site.hours_ago(50))
	told = [change.what for change in changes(any_site)[0] if "Code of" not in change.what]
	assert told == [
		"Form property changed: Customer-main-search_fields",
		"Patches were applied: 2, the last erpnext.patches.v15_0.two",
	]


def test_a_configuration_that_was_written_is_told(site: SampleSite) -> None:
	age_files(site)
	moment = (site.bench.now - timedelta(hours=1)).timestamp()
	os.utime(site.config_path, (moment, moment))
	assert changes(site)[0][0].what == "The site's configuration was written: site_config.json"


def test_code_is_told_by_its_commits_without_the_names_of_people(site: SampleSite) -> None:
	age_files(site)
	log = site.bench.folder / "apps" / "erpnext" / ".git" / "logs" / "HEAD"
	log.parent.mkdir(parents=True, exist_ok=True)
	second = int((site.bench.now - timedelta(hours=3)).timestamp())
	who = "Jan de Vries <jan@example.org>"
	log.write_text(
		f"{'0' * 40} {'1' * 40} {who} {second - 900_000} +0100\tclone: from elsewhere\n"
		f"{'1' * 40} {'a' * 40} {who} {second} +0100\tpull upstream version-15: Fast-forward\n"
	)
	[told] = [change.what for change in changes(site)[0] if "erpnext" in change.what]
	assert told == "Code of erpnext is now at aaaaaaa (pull upstream version-15: Fast-forward)"


def test_without_the_database_files_are_still_told_and_the_rest_is_said_to_be_missing(
	site: SampleSite,
) -> None:
	site.set_config(db_name="gone")
	found, notes = changes(site)
	assert "The site's configuration was written: site_config.json" in [change.what for change in found]
	assert len(notes) == 1
	assert "Not all recent changes are known" in notes[0]


def test_the_report_carries_them(site: SampleSite) -> None:
	site.insert("Server Script", name="Nightly", creation=site.hours_ago(1), script="")
	report = look_at(site, "cache.reachable").as_dict()
	assert "Server script changed: Nightly" in [change["what"] for change in report["changes"]]
