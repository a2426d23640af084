"""Known errors: what an error text means, why it happens and what to do about it.

The ``*.toml`` files beside this one hold the entries; a new entry is one more table in the file of its field, a
new field is one more file. A site may add its own in its ``Known Error`` documents.
"""

from __future__ import annotations

from recovery_console.core.knowledge.entry import KnownError, known_errors
from recovery_console.core.knowledge.matching import (
	Explanation,
	Match,
	PatternProblem,
	explain,
	explain_text,
)
from recovery_console.core.knowledge.patterns import pattern_problem
from recovery_console.core.knowledge.site_entries import known_in, site_errors, switched_off

__all__ = [
	"Explanation",
	"KnownError",
	"Match",
	"PatternProblem",
	"explain",
	"explain_text",
	"known_errors",
	"known_in",
	"pattern_problem",
	"site_errors",
	"switched_off",
]
