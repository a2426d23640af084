"""The commands of the documents, as somebody would type them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_OURS = re.compile(
	r"(?:^|[\s/|])(?:(?P<console>recovery-console)|bench --site \S+ (?P<bench>recovery))((?:\s+[^|#\n]+)?)"
)


@dataclass(frozen=True)
class Command:
	"""One command of ours.

	Args:
		document: The document that it stands in.
		arguments: What follows the program, as a shell would take it apart.
		in_bench: It is typed as `bench --site SITE recovery …`.
		runs: It stands in a block, to be typed as it is; else it is named within a sentence.
	"""

	document: str
	arguments: tuple[str, ...]
	in_bench: bool
	runs: bool


def commands() -> list[Command]:
	"""Return every command of ours that the documents name, each once per document."""
	found = [command for path in DOCUMENTS for command in _of(path)]
	return list(dict.fromkeys(found))


def _of(path: Path) -> Iterator[Command]:
	text = path.read_text(encoding="utf-8")
	blocks = "\n".join(_BLOCK.findall(text))
	for line in blocks.splitlines():
		yield from _in(path, line, runs=True)
	for span in _SPAN.findall(_BLOCK.sub("", text)):
		yield from _in(path, span, runs=False)


def _in(path: Path, line: str, *, runs: bool) -> Iterator[Command]:
	match = _OURS.search(line)
	if match is None or "…" in match[3]:
		return
	yield Command(path.name, tuple(shlex.split(match[3])), bool(match["bench"]), runs)
