"""One problem, one group: what is taken out of a message, and what tells groups apart."""

from __future__ import annotations

import time

import pytest

from recovery_console.core.fingerprint import fingerprint, normalise, own_frames

TRACE = """Traceback (most recent call last):
  File "apps/frappe/frappe/app.py", line {line}, in application
    response = handle(request)
  File "/srv/bench/env/lib/python3.11/site-packages/werkzeug/local.py", line 318, in __get__
    obj = current()
  File "/srv/bench/apps/erpnext/erpnext/accounts/party.py", line {line}, in get_party
      party = 'Jansen'
    check(party)
{error}: {message}
"""


def key(message: str, *, error: str = "ValidationError", line: int = 10, title: str = "Error") -> str:
	text = TRACE.format(line=line, error=error, message=message)
	return fingerprint(error, message, text, title=title, site="erp.example.org").key


@pytest.mark.parametrize(
	("message", "plain"),
	[
		("Row #3: ACC-SINV-2025-00012 is not submitted", "Row #<number>: <document> is not submitted"),
		("ACC-PAY-2025-00012-1 and INV/2026/0044", "<document> and <document>"),
		("Could not find Party: <strong>Jansen BV</strong>", "Could not find Party: <name>"),
		('See <a href="/app/customer/x">Jansen</a><br>now', "See <name>now"),
		("No mail to anna.bakker@example.org", "No mail to <email>"),
		("NL91ABNA0417164300 and NL91 ABNA 0417 1643 00", "<iban> and <iban>"),
		("since 2026-11-22 05:08:22,475 or 22-11-2026", "since <time> or <time>"),
		("took 00:00:31.5 at 10.0.0.7:3306", "took <time> at <ip>"),
		("Duplicate entry 'a b-1' for key 'PRIMARY'", "Duplicate entry '<value>' for key 'PRIMARY'"),
		("/tmp/tmpab12/x.csv and /private/files/list (1).csv", "<file> and <file> (<number>).csv"),
		("job 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "job <uuid>"),
		("row 3f2a9b10cd, new row 5kq0a1b2c3", "row <hash>, new row <hash>"),
		("object at 0x7f12ab34cd56", "object at <address>"),
		("1,250.75 is more than -3", "<number> is more than <number>"),
		("https://erp.example.org/app/x?y=1 failed", "<url> failed"),
		("site erp.example.org is locked", "site <site> is locked"),
		("'NoneType' object has no attribute 'company'", "'NoneType' object has no attribute 'company'"),
		("Naamgeving gewijzigd: überprüfen", "Naamgeving gewijzigd: überprüfen"),
	],
)
def test_what_differs_from_one_occasion_to_the_next_is_taken_out(message: str, plain: str) -> None:
	assert normalise(message, "erp.example.org") == plain


def test_an_update_that_moves_lines_does_not_split_a_group() -> None:
	assert key("Row #1: no rate", line=10) == key("Row #22: no rate", line=99)


def test_where_a_long_message_was_cut_does_not_split_a_group() -> None:
	words = " of the kind that is long" * 400
	assert key(f"Row #1: ACC-SINV-2025-00012{words}") == key(f"Row #22222: ACC-SINV-2025-0001233{words}")


def test_class_message_and_code_tell_groups_apart() -> None:
	assert len({key("no rate"), key("no party"), key("no rate", error="KeyError")}) == 3
	assert key("no rate") != fingerprint("ValidationError", "no rate", "").key


def test_only_the_code_of_apps_counts_as_ones_own() -> None:
	assert own_frames(TRACE) == ()
	text = TRACE.format(line=7, error="E", message="m")
	assert own_frames(text) == ("frappe/app.py:application", "erpnext/accounts/party.py:get_party")


def test_every_error_gets_a_group() -> None:
	assert fingerprint("", "", "", title="Import 12").key == fingerprint("", "", "", title="Import 13").key
	assert fingerprint("", "", "").by == "title"
	assert fingerprint("", "plain text 1", "", title="a").by == "message"


@pytest.mark.parametrize(
	"piece", ["A-", "<a ", "1.", "a@b.", "0-", "Duplicate entry '", "/tmp/", "A1-", "<b>"]
)
def test_no_message_takes_long(piece: str) -> None:
	begun = time.perf_counter()
	normalise(piece * 100_000)
	assert time.perf_counter() - begun < 0.5
