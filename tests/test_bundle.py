"""What Desk loads of ours stays small: there is no front-end framework of our own."""

from __future__ import annotations

import gzip
from pathlib import Path

APP = Path(__file__).parents[1] / "recovery_console"
#: Of what the views share and the page loads: the most that a view could ever load, were all of it loaded at once.
MOST_BYTES = 150_000
#: Of every script and style there is, each list, form and report included, as a web server sends them: compressed.
MOST_SENT = 75_000


def test_what_views_share_is_small() -> None:
	shared = [*_files("public"), *_files("recovery/page")]
	assert len(shared) > 10
	sizes = sorted(((path.stat().st_size, path.name) for path in shared), reverse=True)
	assert sum(size for size, _name in sizes) < MOST_BYTES, sizes


def test_all_of_it_together_is_small_when_it_is_sent() -> None:
	every = _files(".")
	assert len(every) > 30
	assert sum(len(gzip.compress(path.read_bytes())) for path in every) < MOST_SENT


def _files(folder: str) -> list[Path]:
	return [path for kind in ("js", "css") for path in (APP / folder).rglob(f"*.{kind}")]
