"""The security family: limits to the very number, what is not looked at, and what must not be told."""

from __future__ import annotations

import base64
from datetime import datetime, timezone

import pytest
from cryptography.fernet import Fernet

from recovery_console.core.checks.security._stamps import HEAD, stored_at
from recovery_console.core.finding import Status
from recovery_console.core.report import Report
from tests.conftest import Samples, look_at
from tests.faults.security._help import ADMIN, add_staff, export, give_keys, give_role, log_in
from tests.support.sample import SampleSite

ANNA, BRAM = "anna.bakker@example.org", "bram.visser@example.org"


def status(report: Report) -> Status:
	(result,) = report.results
	return result.status


def test_nothing_is_well_without_the_database(site: SampleSite) -> None:
	site.set_config(db_name="gone")
	statuses = {result.check.id: result.status for result in look_at(site, families=("security",)).results}
	blind = {check for check, found in statuses.items() if found is not Status.UNKNOWN}
	assert blind <= {"security.guest_scripts"}, statuses  # where no script may run, none is looked for


# -- when something was stored


def test_the_time_is_read_from_the_first_characters() -> None:
	moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
	token = Fernet(Fernet.generate_key()).encrypt_at_time(b"anything", int(moment.timestamp())).decode()
	assert stored_at(token[:HEAD]) == moment


@pytest.mark.parametrize(
	"head",
	[
		"",
		None,
		"not a token!",
		"gAAAAA",
		base64.urlsafe_b64encode(b"\x81" + bytes(8)).decode(),
		base64.urlsafe_b64encode(b"\x80" + b"\xff" * 8).decode(),
	],
)
def test_what_tells_no_time_is_undated(head: object) -> None:
	assert stored_at(head) is None


def test_a_key_that_tells_no_age_is_not_called_young(site: SampleSite) -> None:
	give_keys(site, BRAM, days=500)
	give_keys(site, ANNA, days=500)
	site.sql("UPDATE `__Auth` SET password = 'x' WHERE fieldname = 'api_secret' AND name = %s", [ANNA])
	(finding,) = look_at(site, "security.programmatic_access").findings
	assert (finding.count, finding.evidence["undated"]) == (1, 1)


def test_what_is_stored_is_not_told(site: SampleSite) -> None:
	give_keys(site, BRAM, days=500)
	(stored,) = site.rows("__Auth", {"fieldname": "api_secret"}, ["password"])
	assert stored["password"][HEAD:] not in look_at(site, "security.programmatic_access").to_json()


# -- who counts


def test_a_young_site_has_no_growth(site: SampleSite) -> None:
	site.update("User", "Administrator", creation=site.days_ago(6))
	add_staff(site, "one@example.org", "two@example.org", "three@example.org", role=ADMIN, days=1)
	assert status(look_at(site, "security.admin_growth")) is Status.OK
	assert status(look_at(site, "security.permission_changes")) is Status.OK


@pytest.mark.parametrize(("database", "frappe"), [("mariadb", 15), ("sqlite", 16)])
def test_roles_written_anew_by_a_profile_are_not_new(samples: Samples, database: str, frappe: int) -> None:
	site = samples.site(database, frappe)
	give_role(site, BRAM, ADMIN, days=1)
	if frappe == 15:
		site.update("User", BRAM, role_profile_name="Management")
	else:
		site.insert("User Role Profile", parent=BRAM, role_profile="Management")
	assert status(look_at(site, "security.admin_growth")) is Status.OK
	site.update("User", BRAM, creation=site.days_ago(2))
	assert status(look_at(site, "security.admin_growth")) is Status.INFO


def test_a_second_factor_for_all_covers_system_managers(site: SampleSite) -> None:
	site.set_single("System Settings", enable_two_factor_auth=1, two_factor_method="OTP App")
	site.update("Role", "All", two_factor_auth=1)
	add_staff(site, *(f"m{number}@example.org" for number in range(6)), role=ADMIN)
	assert status(look_at(site, "security.second_factor")) is Status.OK


def test_rules_for_passwords_do_not_matter_without_passwords(site: SampleSite) -> None:
	site.set_single("System Settings", disable_user_pass_login=1, enable_password_policy=0)
	assert status(look_at(site, "security.sign_in_rules")) is Status.OK
	assert status(look_at(site, "security.second_factor")) is Status.OK


# -- limits


@pytest.mark.parametrize(("addresses", "expected"), [(5, Status.OK), (6, Status.WARNING)])
def test_log_ins_from_many_addresses(site: SampleSite, addresses: int, expected: Status) -> None:
	site.delete("Activity Log")
	log_in(site, BRAM, [f"198.51.100.{number}" for number in range(addresses)] * 3, hours=23)
	log_in(site, BRAM, ["198.51.100.200"], hours=25)
	assert status(look_at(site, "security.login_addresses")) is expected


@pytest.mark.parametrize(("exports", "expected"), [(19, Status.OK), (20, Status.WARNING)])
def test_many_exports(site: SampleSite, exports: int, expected: Status) -> None:
	export(site, BRAM, exports, hours=23.9)
	export(site, BRAM, 20, hours=24.1)
	assert status(look_at(site, "security.exports")) is expected


def test_administrator_inside_the_network_is_nothing(site: SampleSite) -> None:
	log_in(site, "Administrator", ["10.0.0.7", "fd00::1", "127.0.0.1", "", "nonsense"])
	(result,) = look_at(site, "security.administrator_logins").results
	assert (result.status, result.measurements["administrator_logins"]) == (Status.OK, 5)


def test_what_an_app_allows_to_guests_is_its_makers_decision(site: SampleSite) -> None:
	site.insert("DocPerm", parent="Contact", parenttype="DocType", role="Guest", read=1, write=1)
	assert status(look_at(site, "security.guest_rights")) is Status.OK
	site.update("DocType", "Contact", custom=1)
	assert status(look_at(site, "security.guest_rights")) is Status.CRITICAL
