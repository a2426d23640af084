"""The config family: what counts as on, as a number, as a patch, as an address; and sources that do not answer."""

from __future__ import annotations

import ast
import os
from typing import Any

import pytest

from recovery_console.core.checks.config._hooks import named
from recovery_console.core.checks.config._keys import is_number, says_off
from recovery_console.core.checks.config.host_name import problem_of
from recovery_console.core.checks.config.patches_pending import patch_lines
from recovery_console.core.finding import Status
from tests.conftest import Samples, look_at
from tests.support.sample import SampleSite


def status(site: SampleSite, check: str) -> Status:
	(result,) = look_at(site, check).results
	return result.status


@pytest.mark.parametrize(
	("value", "expected"),
	[("0", True), ("False", True), ("no", True), (0, False), (False, False), ("1", False)],
)
def test_what_says_off(value: Any, expected: bool) -> None:
	assert says_off(value) is expected


@pytest.mark.parametrize(
	("value", "expected"),
	[(25, True), ("25", True), (-1, False), ("25m", False), ([], False), (1e400, False)],
)
def test_what_is_a_number(value: Any, expected: bool) -> None:
	assert is_number(value) is expected


@pytest.mark.parametrize(
	("value", "sound"),
	[
		("https://erp.example.org", True),
		("erp.example.org", True),
		("http://erp:8000", True),
		("https://erp.example.org/", False),
		("https://https://erp.example.org", False),
		("http://127.0.0.1:8000", False),
		("ftp://erp.example.org", False),
		("https://erp example.org", False),
		("https://erp.example.org:port", False),
	],
)
def test_what_a_host_name_may_be(value: str, sound: bool) -> None:
	assert (problem_of(value) == "") is sound


def test_hooks_that_say_their_type_are_read_too() -> None:
	tree = ast.parse(
		'after_migrate: list[str] = ["bakery.oven.clean"]\non_login = "bakery.door.open"\nbefore_migrate: list[str]\n'
	)
	assert list(named(tree.body)) == [
		("after_migrate", "bakery.oven.clean"),
		("on_login", "bakery.door.open"),
	]


def test_patches_are_read_as_frappe_logs_them() -> None:
	text = "[pre_model_sync]\na.b.c #2\n\n# comment\n; comment\n[post_model_sync]\nexecute:print(1)  \nfinally:a.z\n"
	assert patch_lines(text) == ["a.b.c #2", "execute:print(1)", "a.z"]


@pytest.mark.parametrize(("minutes", "expected"), [(29, Status.OK), (31, Status.WARNING)])
def test_a_lock_is_stale_when_frappe_16_lets_users_unlock(
	site: SampleSite, minutes: int, expected: Status
) -> None:
	_lock(site, minutes)
	assert status(site, "config.locks") is expected


def test_frappe_15_lets_a_lock_be_for_an_hour(samples: Samples) -> None:
	site = samples.site("mariadb", 15)
	_lock(site, 59)
	assert status(site, "config.locks") is Status.OK


def _lock(site: SampleSite, minutes: int) -> None:
	lock = site.path / "locks" / f"{'a' * 56}.lock"
	lock.touch()
	os.utime(lock, (site.bench.now.timestamp() - minutes * 60,) * 2)


def test_without_the_database_what_needs_it_is_unknown(site: SampleSite) -> None:
	site.set_config(db_name="_not_there")
	for check in ("encryption_key", "apps_installed", "patches_pending", "patches_failed", "server_scripts"):
		assert status(site, f"config.{check}") is Status.UNKNOWN
	for check in ("exposed", "owner", "types", "switches", "apps_txt", "assets", "locks"):
		assert status(site, f"config.{check}") is Status.OK


def test_no_secret_is_shown(site: SampleSite) -> None:
	site.bench.set_common_config(
		root_password="swordfish", db_password="barracuda", mail_password="stickleback", limits="None"
	)
	site.bench.common_config_path.chmod(0o644)
	text = repr(look_at(site, families=("config",)))
	for secret in ("swordfish", "barracuda", "stickleback", site.encryption_key, site.db_password):
		assert secret not in text
