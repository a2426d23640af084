"""Profiles: how they are read, which of them fit a site, and what a check gets from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.errors import NotApplicable
from recovery_console.core.profile import import_runs, profiles_with, resolve_profiles
from recovery_console.core.profile_file import parse_profile, parse_text, shipped_profiles
from recovery_console.core.profile_model import ProfileError
from recovery_console.core.site import Site, open_site
from tests.conftest import Samples
from tests.support.sample import SampleBench, SampleSite, SqliteTarget
from tests.support.services import Redis

OWN = """
title = "Our own"
extends = "erpnext"
[roles.mandate]
doctype = "SEPA Mandate"
links = { member = "Member" }
[roles.mandate.fields]
id = "name"
umr = "mandate_id"
iban = "iban"
holder = "member>full_name"
scheme = "=CORE"
lost = "no_such_column"
status = "status"
[roles.mandate.status]
active = ["Active"]
"""


def opened(sample: SampleSite) -> Site:
	now = sample.bench.now
	return open_site(sample.bench.folder, sample.name, clock=lambda: now)


def add_profile(sample: SampleSite, name: str, definition: str, enabled: int = 1, standard: int = 0) -> None:
	"""Keep a profile as the console's own DocType does."""
	sample.sql(
		"CREATE TABLE IF NOT EXISTS `tabSEPA Profile` (name TEXT, title TEXT, enabled INT, is_standard INT, definition TEXT)"
	)
	sample.sql(
		"INSERT INTO `tabSEPA Profile` VALUES (%s, %s, %s, %s, %s)",
		[name, name, enabled, standard, definition],
	)


@pytest.fixture(params=[("frappe",), ("frappe", "erpnext"), ("frappe", "erpnext", "banking")])
def plainer_site(
	request: pytest.FixtureRequest, samples: Samples, tmp_path: Path
) -> Iterator[tuple[Site, str]]:
	"""A site without mandates, and the profile that it should get."""
	bench = SampleBench.create(
		tmp_path / "bench",
		redis_cache=samples.service(Redis, "redis-cache"),  # type: ignore[arg-type]
		redis_queue=samples.service(Redis, "redis-queue"),  # type: ignore[arg-type]
	)
	sample = bench.add_site("plain.example.org", database=SqliteTarget(), frappe=16, apps=request.param)
	with opened(sample) as site:
		yield site, request.param[-1]


def test_every_shipped_profile_can_be_read() -> None:
	assert {profile.id for profile in shipped_profiles()} == {"frappe", "erpnext", "banking", "verenigingen"}


def test_a_site_gets_the_profile_of_its_apps(plainer_site: tuple[Site, str]) -> None:
	site, expected = plainer_site
	assert [profile.id for profile in resolve_profiles(site).profiles] == [expected]
	assert resolve_profiles(site).profiles[0].missing == ()
	with pytest.raises(NotApplicable, match="where it keeps direct debit mandates"):
		profiles_with(site, "mandate.iban")


def test_the_association_keeps_everything_that_its_profile_names(any_site: SampleSite) -> None:
	with opened(any_site) as site:
		(profile,) = resolve_profiles(site).profiles
		assert (profile.id, profile.missing) == ("verenigingen", ())
		assert {role.kind for role in import_runs(site)} == {"core", "bank", "member_csv", "mt940", "ledger"}


def test_fields_can_follow_a_link(any_site: SampleSite) -> None:
	with opened(any_site) as site:
		account = profiles_with(site, "bank_account.bic")[0]["bank_account"].source()
		rows = site.db.run(account.start(site.db).select(*account.pick("iban", "bic")))
	assert {row["bic"] for row in rows if "ABNA" in row["iban"]} == {"ABNANL2A"}


def test_statuses_are_read_both_ways() -> None:
	batch = next(profile for profile in shipped_profiles() if profile.id == "verenigingen")["batch"]
	assert batch.logical("Rolled Back") == "failed"
	assert batch.logical("Nonsense") == "other"
	assert set(batch.values("done")) == {"Processed", "Partially Processed"}


def test_a_site_adds_a_profile_of_its_own(site: SampleSite) -> None:
	add_profile(site, "ours", OWN)
	with opened(site) as looked:
		first = resolve_profiles(looked).profiles[0]
		assert (first.id, first.missing) == ("ours", ("SEPA Mandate.no_such_column",))
		assert first.has("invoice.outstanding")  # taken over from erpnext
		assert not first.has("mandate.lost")
		mandate = first["mandate"].source()
		rows = looked.db.run(
			mandate.start(looked.db).select(*mandate.pick("holder", "scheme")).where(mandate.is_("active"))
		)
	assert {(row["holder"], row["scheme"]) for row in rows} >= {("Carla Smit", "CORE")}


def test_two_profiles_of_one_table_count_once(site: SampleSite) -> None:
	add_profile(site, "ours", OWN)
	with opened(site) as looked:
		assert [profile.id for profile in profiles_with(looked, "mandate.iban")] == ["ours"]
		assert [profile.id for profile in profiles_with(looked, "mandate.iban", "batch")] == ["verenigingen"]


def test_a_site_can_switch_a_shipped_profile_off(site: SampleSite) -> None:
	add_profile(site, "verenigingen", "", enabled=0, standard=1)
	add_profile(site, "erpnext", "", standard=1)
	with opened(site) as looked:
		assert [profile.id for profile in resolve_profiles(looked).profiles] == ["erpnext"]


def test_what_is_wrong_with_a_profile_is_kept_and_the_others_are_used(site: SampleSite) -> None:
	add_profile(site, "torn", "roles = [")
	add_profile(site, "loop", 'extends = "loop"')
	add_profile(site, "off", "roles = [", enabled=0)
	with opened(site) as looked:
		resolved = resolve_profiles(looked)
	assert set(resolved.problems) == {"torn", "loop"}
	assert [profile.id for profile in resolved.profiles] == ["verenigingen"]


@pytest.mark.parametrize(
	"definition",
	[
		'[roles.sorcerer]\ndoctype = "User"',
		"[roles.mandate.fields]\niban = 'iban'",
		'[roles.mandate]\ndoctype = "SEPA Mandate"\nstatus = { asleep = ["Sleeping"] }',
		'[roles.mandate]\ndoctype = "SEPA Mandate"\nfields = { iban = "member>iban" }',
		'[roles.mandate]\ndoctype = "SEPA Mandate"\nfields = { iban = "usage.iban" }',
	],
)
def test_a_definition_that_makes_no_sense_is_refused_with_advice(definition: str) -> None:
	with pytest.raises(ProfileError) as caught:
		parse_profile(parse_text(definition), default_id="x")
	assert caught.value.remedy


def test_a_definition_may_be_json() -> None:
	profile = parse_profile(
		parse_text('{"roles": {"mandate": {"doctype": "Mandate", "fields": {"iban": "iban"}}}}'),
		default_id="x",
	)
	assert profile.has("mandate.iban")


def test_profiles_are_read_once_per_diagnosis(site: SampleSite) -> None:
	with opened(site) as looked:
		first = resolve_profiles(looked)
		assert resolve_profiles(looked.view()) is first


def test_a_single_doctype_is_read_as_one_row(site: SampleSite) -> None:
	with opened(site) as looked:
		creditor = profiles_with(looked, "creditor.iban")[0]["creditor"]
		assert creditor.read_single(looked)["creditor_id"].startswith("NL")
