"""What a reason code of a returned collection means, and what to do about it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from recovery_console.core.record import dataclass

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

FILE = Path(__file__).parent / "_reason_codes.toml"
_CODE = re.compile(r"[A-Z]{2}\d{2}|[A-Z]{4}")
#: Statuses of a whole file, which some write where a reason belongs.
STATUSES = frozenset({"RCVD", "ACTC", "ACCP", "ACSP", "ACSC", "PART", "PDNG", "RJCT"})
RETRIES = ("later", "fixed", "never")


@dataclass(frozen=True)
class Reason:
	"""Why a collection came back.

	Args:
		code: The ISO code, or what stood in its place.
		meaning: What it says, as the rest of a sentence.
		retry: ``later``, ``fixed`` or ``never``.
		advice: What to do.
	"""

	code: str
	meaning: str
	retry: str
	advice: str


@lru_cache(maxsize=1)
def known_reasons() -> Mapping[str, Reason]:
	"""Return every known reason by its code."""
	data = tomllib.loads(FILE.read_text(encoding="utf-8"))
	return {
		code: Reason(code, entry["meaning"], entry["retry"], data["actions"][entry["action"]])
		for code, entry in data["codes"].items()
	}


def reason_of(text: str) -> Reason:
	"""Return the reason that a code, or a text that begins with one, stands for; unknown ones go to a person."""
	found = _CODE.match(text.strip().upper())
	code = found[0] if found else ""
	known = known_reasons()
	if code in known:
		return known[code]
	human = _human()
	if not text.strip() or code in STATUSES:
		return Reason(code, "no reason is recorded", "never", human)
	return Reason(code or "?", "this code is not known", "never", human)


def _human() -> str:
	return known_reasons()["NARR"].advice
