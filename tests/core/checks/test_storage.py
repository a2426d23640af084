"""The storage family: limits to the very byte, addresses of every kind, and sources that do not answer."""

from __future__ import annotations

import pytest

from recovery_console.core.checks.storage._recent import candidates
from recovery_console.core.finding import Status
from recovery_console.core.site import open_site
from tests.conftest import look_at
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite


def status(site: SampleSite, check: str) -> Status:
	(result,) = look_at(site, check).results
	return result.status


@pytest.mark.parametrize(
	("url", "expected"),
	[
		("/files/a.png", ["public/files/a.png"]),
		("/private/files/a%20b.pdf", ["private/files/a%20b.pdf", "private/files/a b.pdf"]),
		("/private/files/a.pdf?fid=1", ["private/files/a.pdf?fid=1", "private/files/a.pdf"]),
		("/files/../../site_config.json", []),
		("https://files.example.org/files/a.png", []),
		("/files/", []),
		("", []),
	],
)
def test_where_a_file_lies(site: SampleSite, url: str, expected: list[str]) -> None:
	with open_site(site.bench.folder, site.name) as opened:
		assert [str(path.relative_to(site.path)) for path in candidates(opened, url)] == expected


def test_a_file_attached_before_the_window_is_not_looked_at(site: SampleSite) -> None:
	url = add_file(site, "old.pdf", "%PDF", "ToDo", "t1", creation=site.days_ago(30.1))
	(site.path / url.lstrip("/")).unlink()
	assert status(site, "storage.missing") is Status.OK
	site.update("File", {"file_url": url}, creation=site.days_ago(29.9), modified=site.now)
	assert status(site, "storage.missing") is Status.WARNING


def test_rights_are_told_while_the_database_is_down(site: SampleSite) -> None:
	site.set_config(db_name="_not_there")
	assert status(site, "storage.owners") is Status.OK
	assert status(site, "storage.folders") is Status.OK
	for check in ("storage.missing", "storage.wrong_side", "storage.growth", "storage.upload_limit"):
		assert status(site, check) is Status.UNKNOWN


@pytest.mark.parametrize(("limit", "expected"), [(50, Status.OK), (51, Status.WARNING)])
def test_nginx_may_be_as_strict_as_frappe(site: SampleSite, limit: int, expected: Status) -> None:
	conf = site.bench.folder / "config" / "nginx.conf"
	conf.write_text("server {\n\tclient_max_body_size 50m;\n\t# client_max_body_size 1m;\n}\n")
	site.set_single("System Settings", max_file_size=limit)
	assert status(site, "storage.upload_limit") is expected
