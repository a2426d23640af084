"""Mandates looked through before they are entered: nothing is written, no IBAN is kept."""

from __future__ import annotations

import json

import pytest

from recovery_console.core.errors import UsageError
from tests.core.actions._trying import planned
from tests.faults.sepa import _data as sepa
from tests.support.fill.logs import add_file
from tests.support.repairs import REQUESTER, engine, start, to_the_end
from tests.support.sample import SampleSite

HEADER = "iban,mandate_id,sign_date,member"


def look(site: SampleSite, **given: str) -> list[str]:
	"""What is said of one mandate that is right but for what is given."""
	right = {"iban": sepa.party_iban(90), "signed_on": "2020-01-31", "reference": "M-NEW", "bic": ""}
	return list(planned(site, "sepa.check_mandate", **{**right, **given}).warnings)


def test_one_mandate_that_is_right_may_be_entered(any_site: SampleSite) -> None:
	assert look(any_site) == []


@pytest.mark.parametrize(
	("given", "said"),
	[
		({"iban": "NL92 ABNA 0417 1643 00"}, "check digits"),
		({"signed_on": "31-01-2020"}, "missing or not written"),
		({"signed_on": "2199-01-01"}, "in the future"),
		({"bic": "DEUTDEFF"}, "another country"),
		({"reference": "M_1"}, "banks refuse"),
		({"reference": "<b>'; DROP TABLE x; --"}, "banks refuse"),
	],
)
def test_what_is_wrong_with_one_mandate(site: SampleSite, given: dict[str, str], said: str) -> None:
	[warning] = look(site, **given)
	assert said in warning


def test_a_reference_in_use_and_a_second_mandate_are_told(any_site: SampleSite) -> None:
	payer = any_site.value("SEPA Mandate", {"name": sepa.mandate(any_site, 0)}, "member")
	[first, second] = look(any_site, reference=sepa.mandate_id(any_site, 0).lower(), payer=payer)
	assert "in use" in first
	assert "active mandate already" in second


def test_a_file_is_told_line_by_line_and_no_iban_is_kept(any_site: SampleSite) -> None:
	lines = [
		HEADER,
		f"{sepa.party_iban(90)},M-90,2020-01-31,",
		f"{sepa.party_iban(91)},m-90,2020-01-31,",
		"NL92ABNA0417164300,M-92,2020-01-31,",
		"short",
	]
	address = add_file(any_site, "mandates.csv", "\ufeff" + "\n".join(lines), "", "")
	plan = planned(any_site, "sepa.check_mandate_file", file=address)
	assert plan.count == 0
	assert (plan.evidence["lines"], plan.evidence["wrong"]) == (4, 3)
	assert [warning.partition(":")[0] for warning in plan.warnings] == ["Line 3", "Line 4", "Line 5"]
	assert "line 2 already" in plan.warnings[0]
	assert "NL92" not in json.dumps(plan.as_dict())


def test_labels_are_known_and_a_file_without_ibans_is_refused(site: SampleSite) -> None:
	address = add_file(site, "labels.csv", f"IBAN;Mandate ID\n{sepa.party_iban(90)};M-90\n", "", "")
	[warning] = planned(site, "sepa.check_mandate_file", file=address).warnings
	assert "date of signature" in warning
	other = add_file(site, "other.csv", "ID,Name\n1,2\n", "", "")
	with pytest.raises(UsageError, match="no column for the IBAN"):
		planned(site, "sepa.check_mandate_file", file=other)


def test_the_journal_does_not_hold_the_iban(site: SampleSite) -> None:
	works = engine(site)
	iban = sepa.party_iban(90)
	run = start(works, "enter-a-mandate", {"iban": iban, "signed_on": "2020-01-31"}, site)
	run = to_the_end(works, run, site)
	run = to_the_end(works, works.confirm(run.id, REQUESTER, "entered"), site)
	assert run.state.value == "Succeeded"
	written = [path for path in site.path.rglob("*") if path.is_file() and "recovery" in str(path)]
	assert written
	assert not any(iban.encode() in path.read_bytes() for path in written)
