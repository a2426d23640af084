"""The entries themselves, read from the data files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from recovery_console.core.errors import ConsoleError
from recovery_console.core.record import dataclass

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib


_ID = re.compile(r'^id = "([^"\n]+)"$', re.MULTILINE)


@dataclass(frozen=True)
class KnownError:
	"""An error that is known.

	Args:
		id: Short and stable, such as ``DB-01``; of a site's own entries, the name of its document.
		category: ``field/kind``.
		title: What it is, in a few words.
		pattern: Regular expression that finds it in one line of a text.
		cause: Why it happens.
		fix: What to do.
		risk: What can go wrong in doing so.
		sample: A text that it finds.
		auto: Who may do it: ``safe`` unattended, ``approve`` after a named person agreed, ``manual`` a person by
			instructions, ``never`` the console (it lies outside the site, or people must decide).
		auto_note: Where that holds only in part.
		versions: Which versions have it or mend it, where that is known.
		source: Where the text and the advice come from.
		of_site: It is one of a site's own: its pattern was written by somebody who may have erred.
	"""

	id: str
	category: str
	title: str
	pattern: str
	cause: str
	fix: str
	risk: str = ""
	sample: str = ""
	auto: str = "manual"
	auto_note: str = ""
	versions: str = ""
	source: str = ""
	of_site: bool = False


@lru_cache(maxsize=1)
def known_errors() -> tuple[KnownError, ...]:
	"""Return every entry that comes with the console, by file and in the order written there."""
	return tuple(read_entries(Path(__file__).parent))


@lru_cache(maxsize=1)
def known_ids() -> frozenset[str]:
	"""Return the ids of the entries that come with the console, without reading what else they say."""
	texts = (path.read_text("utf-8") for path in Path(__file__).parent.glob("*.toml"))
	return frozenset(found for text in texts for found in _ID.findall(text))


def read_entries(folder: Path) -> Iterator[KnownError]:
	"""Read the entries of a folder's ``*.toml`` files, by file and in the order written there.

	Raises:
		ConsoleError: A file cannot be read, or an entry lacks something.
	"""
	for path in sorted(folder.glob("*.toml")):
		try:
			entries = [KnownError(**entry) for entry in tomllib.loads(path.read_text("utf-8"))["error"]]
		except (OSError, ValueError, KeyError, TypeError) as error:
			raise ConsoleError(
				f"{path} is no file of known errors: {type(error).__name__}: {error}.",
				remedy="Write its entries like those in recovery_console/core/knowledge.",
			) from error
		yield from entries
