"""The portal family: limits to the very number, what must not be read, and sources that do not answer."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from recovery_console.core.checks.portal import _expiry, _pickled
from recovery_console.core.checks.portal._front_door import front_door
from recovery_console.core.checks.portal.restricted_addresses import _can_match
from recovery_console.core.finding import Status
from recovery_console.core.report import Report
from recovery_console.core.site import open_site
from tests.conftest import Samples, look_at
from tests.faults.portal._help import (
	add_sessions,
	add_user,
	fail_logins,
	give_profile,
	log_failures,
	own_permissions,
	serve,
	set_expiry,
	turn_two_factor_on,
)
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold

BRAM = "bram.visser@example.org"
#: As Frappe 15 and 16 wrote them: twelve failures, and the time of the first.
TWELVE = (b"\x80\x04K\x0c.", b"\x80\x05K\x0c.")
FIRST = (
	b"\x80\x04\x95*\x00\x00\x00\x00\x00\x00\x00\x8c\x08datetime\x94\x8c\x08datetime\x94\x93\x94"
	b"C\n\x07\xea\x0b\x15\x17\n!\nA\xb3\x94\x85\x94R\x94."
)


def status(report: Report) -> Status:
	(result,) = report.results
	return result.status


# -- what is read without unpickling


@pytest.mark.parametrize("raw", TWELVE)
def test_a_counter_of_frappe_is_read(raw: bytes) -> None:
	assert _pickled.number(raw) == 12


@pytest.mark.parametrize("number", [0, 11, 255, 256, 65535, 65536, 2**31 - 1, 2**40])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_any_whole_number_is_read(number: int, protocol: int) -> None:
	assert _pickled.number(pickle.dumps(number, protocol)) == number


def test_a_time_of_frappe_is_read() -> None:
	assert _pickled.time(FIRST) == datetime(2026, 11, 21, 23, 10, 33, 672179)
	moment = datetime(2026, 2, 28, 1, 2, 3)
	assert _pickled.time(pickle.dumps(moment, 4)) == _pickled.time(pickle.dumps(moment, 5)) == moment


class Bomb:
	"""Would run a command when unpickled."""

	def __reduce__(self) -> tuple[Any, ...]:
		return __import__("os").system, ("exit 1",)


@pytest.mark.parametrize(
	"raw",
	[
		b"",
		b"12",
		b"\x80\x04K",
		TWELVE[0] + b"K\x0c.",
		FIRST[:-1],
		FIRST.replace(b"\x08datetime\x94\x8c\x08datetime", b"\x08datetime\x94\x8c\x08timedelt"),
		FIRST.replace(b"\x07\xea\x0b", b"\x07\xea\x0d"),
		*(
			pickle.dumps(value, 4)
			for value in (
				True,
				None,
				1.5,
				"12",
				[12],
				Bomb(),
				datetime(2026, 1, 1, tzinfo=timezone.utc),
				timedelta(seconds=12),
			)
		),
	],
)
def test_anything_else_is_refused(raw: bytes) -> None:
	assert _pickled.number(raw) is None
	assert _pickled.time(raw) is None


# -- locks


def test_a_site_that_never_locks_has_nobody_locked_out(site: SampleSite) -> None:
	site.set_single("System Settings", allow_consecutive_login_attempts=0)
	fail_logins(site, BRAM, failures=50)
	assert status(look_at(site, "portal.locked_out")) is Status.OK


def test_too_many_counters_are_not_looked_at(site: SampleSite) -> None:
	pipeline = site.cache.pipeline()
	for number in range(50_001):
		pipeline.hset(
			site.cache_key("login_failed_count"), f"203.0.{number // 250}.{number % 250}", TWELVE[0]
		)
	pipeline.execute()
	assert status(look_at(site, "portal.locked_out")) is Status.UNKNOWN


def test_locks_are_unknown_without_the_cache(site: SampleSite) -> None:
	site.bench.redis_cache.stop()
	assert status(look_at(site, "portal.locked_out")) is Status.UNKNOWN


def test_nothing_is_well_without_the_database(site: SampleSite) -> None:
	site.set_config(db_name="gone")
	statuses = {result.check.id: result.status for result in look_at(site, families=("portal",)).results}
	assert set(statuses.values()) == {Status.UNKNOWN}, statuses


# -- what must not be told


def test_what_was_typed_as_a_user_name_is_not_told(site: SampleSite) -> None:
	log_failures(site, ["MyS3cretTypedHere"] * 40, ["198.51.100.9"] * 40)
	report = look_at(site, "portal.failed_logins")
	assert status(report) is Status.WARNING
	assert "MyS3cretTypedHere" not in report.to_json()


def test_session_ids_are_not_told(site: SampleSite) -> None:
	add_sessions(site, BRAM, 101, hours=3)
	report = look_at(site, "portal.sessions")
	assert status(report) is Status.WARNING
	assert not any(row["sid"] in report.to_json() for row in site.rows("Sessions", None, ["sid"]))


# -- limits


@pytest.mark.parametrize(
	("text", "lives"),
	[
		("170:00", timedelta(hours=170)),
		("00:14:30", timedelta(minutes=14, seconds=30)),
		("6:x", timedelta(hours=6)),
		("0:00", timedelta(0)),
		("24", None),
	],
)
def test_the_expiry_is_read_as_frappe_does(text: str, lives: timedelta | None) -> None:
	assert _expiry.duration(text) == lives


def test_a_quarter_of_an_hour_is_long_enough(site: SampleSite) -> None:
	set_expiry(site, "00:15")
	assert status(look_at(site, "portal.session_expiry")) is Status.OK


@pytest.mark.parametrize(
	"entry", ["", "10", "10.", "10.1.2", "192.0.2.7", "2001:db8:", "::1", "fe80", "FE80::1"]
)
def test_the_beginning_of_an_address_can_match(entry: str) -> None:
	assert _can_match(entry)


@pytest.mark.parametrize(
	"entry",
	["10.0.0.0/8", "10.0.0.*", "10.0.0.1-10.0.0.9", "10.0.0.1 10.0.0.2", "office", "10..1", "1.2.3.4.5"],
)
def test_what_begins_no_address_cannot_match(entry: str) -> None:
	assert not _can_match(entry)


def test_a_restriction_that_two_factors_lift_is_not_reported(site: SampleSite) -> None:
	site.update("User", BRAM, restrict_ip="192.0.2.0/24")
	assert status(look_at(site, "portal.restricted_addresses")) is Status.WARNING
	site.set_single("System Settings", enable_two_factor_auth=1, bypass_restrict_ip_check_if_2fa_enabled=1)
	assert status(look_at(site, "portal.restricted_addresses")) is Status.OK


@pytest.mark.parametrize("minutes", [59, 61])
def test_failed_logins_count_within_their_window(site: SampleSite, minutes: int) -> None:
	log_failures(site, [BRAM] * 20, ["198.51.100.9"] * 20, hours=minutes / 60)
	expected = Status.WARNING if minutes < 60 else Status.OK
	assert status(look_at(site, "portal.failed_logins")) is expected


# -- what is as it should be


@pytest.mark.parametrize(("database", "frappe"), [("sqlite", 16), ("mariadb", 15)])
def test_a_role_profile_that_was_passed_on_is_well(samples: Samples, database: str, frappe: int) -> None:
	site = samples.site(database, frappe)
	roles = [row["role"] for row in site.rows("Has Role", {"parent": BRAM}, ["role"])]
	give_profile(site, BRAM, *roles)
	assert status(look_at(site, "portal.role_profiles")) is Status.OK


def test_two_factors_that_reach_everybody_are_well(site: SampleSite) -> None:
	turn_two_factor_on(site, "Email")
	site.set_default(f"{BRAM}_otpsecret", site.encrypt("JBSWY3DPEHPK3PXP"), parent="__2fa")
	report = look_at(site, "portal.two_factor", "portal.two_factor_secrets")
	assert [result.status for result in report.results] == [Status.OK, Status.OK]


def test_secrets_of_a_site_without_a_key_do_not_open(site: SampleSite) -> None:
	turn_two_factor_on(site, "Email")
	site.set_default(f"{BRAM}_otpsecret", site.encrypt("JBSWY3DPEHPK3PXP"), parent="__2fa")
	site.unset_config("encryption_key")
	assert status(look_at(site, "portal.two_factor_secrets")) is Status.CRITICAL


def test_a_complete_provider_replaces_passwords(site: SampleSite) -> None:
	site.set_single("System Settings", disable_user_pass_login=1, login_with_email_link=0)
	site.insert(
		"Social Login Key", name="google", provider_name="Google", enable_social_login=1, client_id="x"
	)
	site.set_password("Social Login Key", "google", "secret", "client_secret")
	assert status(look_at(site, "portal.password_login")) is Status.OK


def test_a_role_that_nobody_misses_is_not_lost(site: SampleSite) -> None:
	own_permissions(site, "Customer", ["Accounts User"], days=3)
	assert status(look_at(site, "portal.custom_permissions")) is Status.OK


def test_a_permission_for_everybody_shuts_nobody_out(site: SampleSite) -> None:
	own_permissions(site, "Customer", ["All"], days=3)
	assert status(look_at(site, "portal.custom_permissions")) is Status.OK


def test_a_permission_for_the_desk_shuts_out_the_portal_only(site: SampleSite) -> None:
	own_permissions(site, "Contact", ["Desk User"], days=3)
	(result,) = look_at(site, "portal.custom_permissions").results
	(finding,) = result.findings
	assert finding.evidence["examples"] == "All on Contact"
	assert finding.evidence["users"] == 6


def test_a_fresh_site_needs_no_system_manager_yet(site: SampleSite) -> None:
	site.set_single("System Settings", setup_complete=0)
	site.delete("Has Role", {"role": "System Manager"})
	assert status(look_at(site, "portal.system_managers")) is Status.OK


def test_who_left_long_ago_breaks_no_chain(site: SampleSite) -> None:
	user = add_user(site, "visitor@example.org", "Customer")
	site.update("User", user, last_active=site.days_ago(91), creation=site.days_ago(91))
	assert status(look_at(site, "portal.customers")) is Status.OK


def test_chains_of_apps_that_are_not_there_are_skipped(site: SampleSite) -> None:
	site.set_default("installed_apps", '["frappe"]', parent="__global")
	report = look_at(site, "portal.customers", "portal.members")
	assert {result.status for result in report.results} == {Status.SKIPPED}


# -- the login page


def test_a_login_page_that_comes_is_well_and_is_asked_for_by_the_sites_name(site: SampleSite) -> None:
	server = serve(site)
	(result,) = look_at(site, "portal.login_page").results
	assert (result.status, set(result.measurements)) == (Status.OK, {"login_page_ms"})
	assert server.asked == [(f"{site.name}:{server.port}", "/login")]


def test_frappe_15_writes_the_name_of_the_site_in_another_way(site: SampleSite) -> None:
	serve(site, text=f"frappe.boot = {{'lang': 'en', 'sitename': '{site.name}'}}")
	assert status(look_at(site, "portal.login_page")) is Status.OK


def test_a_slow_login_page_comes_late(site: SampleSite) -> None:
	serve(site, delay=0.3)
	set_threshold(site, "portal.login_comfort", slow_after="0.2 s")
	(finding,) = look_at(site, "portal.login_comfort").findings
	assert finding.evidence["seconds"] >= 0.3


def test_a_web_server_that_talks_nonsense_is_none(site: SampleSite) -> None:
	site.bench.set_common_config(webserver_port=site.bench.redis_cache.port)
	(finding,) = look_at(site, "portal.login_page").findings
	assert finding.evidence["reason"] == "what answers there is no web server"


@pytest.mark.parametrize(
	("conf", "config", "url"),
	[
		("", {"webserver_port": "8017"}, "http://erp.example.org:8017"),
		("server { listen 80; server_name other.example.org; }", {}, "http://erp.example.org:8000"),
		("server {\n listen 80;\n server_name a b\n erp.example.org;\n}", {}, "http://erp.example.org"),
		(
			"server {\n listen 80;\n server_name shop.example.org;\n}\nserver {\n listen 443 ssl;\n"
			" server_name shop.example.org;\n}",
			{"host_name": "https://shop.example.org"},
			"https://shop.example.org",
		),
	],
)
def test_where_the_site_is_asked_for(site: SampleSite, conf: str, config: dict[str, str], url: str) -> None:
	(site.bench.folder / "config").mkdir(exist_ok=True)
	(site.bench.folder / "config" / "nginx.conf").write_text(conf)
	site.set_config(**config)
	with open_site(site.bench.folder, site.name) as opened:
		assert front_door(opened, "127.0.0.1", 0).url == url


def test_who_is_at_work_is_measured(any_site: SampleSite) -> None:
	any_site.delete("Sessions", {})
	add_sessions(any_site, BRAM, 2, hours=0.4)
	add_sessions(any_site, "anna.bakker@example.org", 1, hours=0.6)
	(result,) = look_at(any_site, "portal.sessions").results
	assert result.measurements == {"active_sessions": 2, "active_users": 1}
