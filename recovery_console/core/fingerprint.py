"""One problem, one group: what in an error names the problem, and what only names the occasion.

The key of a group is made of the class of the exception, the code of the bench's own apps that it went through,
and its message without all that differs from one occasion to the next. Line numbers are left out, so that an
update of the framework does not split a group. An error without a traceback is grouped by its title and message;
every error gets a group.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from recovery_console.core.record import dataclass

#: Kept beside every stored key: keys of different versions are not compared.
VERSION = 1
#: So many of the innermost frames of the bench's apps take part.
MOST_FRAMES = 4
#: A longer message is cut before it is normalised.
LONGEST_MESSAGE = 2000
#: So much of what is left takes part: where a long message was cut depends on what was taken out of it.
LONGEST_PLAIN = 200

_FRAME = re.compile(r'^\s*File "([^"\n]*?)", line \d+, in ([^\n]{1,200}?)\s*$', re.MULTILINE)
_APP = re.compile(r"(?:^|/)apps/([\w-]+)/(.+)$")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
#: In this order: what stands first wins where two could match.
_PARTS = (
	("html", r"<(?P<kind>a|b|strong|em|code)\b[^>]{0,300}>[^<]{0,300}</(?P=kind)>"),
	("tag", r"</?[a-zA-Z][^<>]{0,300}>"),
	("uuid", r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"),
	("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
	("url", r"\bhttps?://[^\s'\"<>]{1,500}"),
	("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
	(
		"time",
		r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"
		rf"|\b\d\d?[-./]\d\d?[-./]\d{{4}}\b|\b\d\d?[ -]{_MONTH}[ -]\d{{4}}\b"
		r"|\b\d\d?:\d\d:\d\d(?:[.,]\d{1,6})?\b",
	),
	("ip", r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b"),
	("duplicate", r"(?<=Duplicate entry )'[^\n]{0,300}?'(?= for key)"),
	("file", r"(?:/private)?/files/[^\s'\"<>,;)]{1,300}|/tmp/[^\s'\"<>,;)]{1,300}"),
	("document", r"\b[A-Z][A-Z0-9]{0,20}(?:[-/][A-Z0-9]{1,20}){0,5}[-/]\d{2,12}(?:-\d{1,4})?\b"),
	("address", r"\b0x[0-9a-fA-F]{4,16}\b"),
	("hash", r"\b(?=[a-f]{0,63}\d)[0-9a-f]{32,64}\b|\b(?=[a-v]{0,9}\d)(?=\d{0,9}[a-v])[0-9a-v]{10}\b"),
	("number", r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?![\w])"),
)
_NAMES = tuple(name for name, _pattern in _PARTS)
#: What stands for itself in a message is shown with this sign.
_SHOWN = {"html": "<name>", "tag": "", "duplicate": "'<value>'"}


@dataclass(frozen=True)
class Fingerprint:
	"""What an error is grouped by.

	Args:
		key: Short and stable; equal for errors of one group.
		error: Class of the exception; empty where there is none.
		message: The message without what differs from one occasion to the next.
		frames: The code of the bench's apps that it went through, innermost last: ``frappe/app.py:application``.
		by: Which of these decided: ``frames``, ``message`` or, where there was neither, ``title``.
	"""

	key: str
	error: str
	message: str
	frames: tuple[str, ...]
	by: str


def fingerprint(error: str, message: str, text: str, *, title: str = "", site: str = "") -> Fingerprint:
	"""Return what an error is grouped by.

	Args:
		error: Class of the exception; empty where the text holds none.
		message: Its message.
		text: The whole text, for its frames.
		title: What the error was filed under; decides where there is no exception.
		site: Name of the site, which is taken out of the message.
	"""
	frames = own_frames(text)
	plain = normalise(message, site)
	if frames and error:
		by, parts = "frames", (error, plain, *frames)
	elif error or plain:
		by, parts = "message", (error, plain, normalise(title, site))
	else:
		by, parts = "title", (normalise(title, site),)
	digest = hashlib.sha256("\n".join((str(VERSION), by, *parts)).encode("utf-8", "replace"))
	return Fingerprint(digest.hexdigest()[:12], error, plain, frames, by)


def normalise(message: str, site: str = "") -> str:
	"""Return a message without what differs from one occasion to the next: names, numbers, times, addresses."""
	text = message[:LONGEST_MESSAGE]
	if site:
		text = text.replace(site, "\0")
	text = _combined().sub(_placeholder, text).replace("\0", "<site>")
	return " ".join(text.split())[:LONGEST_PLAIN]


@lru_cache(maxsize=1)
def _combined() -> re.Pattern[str]:
	"""Return the parts as one pattern; made where there is a message, which a healthy site may not have."""
	return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PARTS))


def _placeholder(found: re.Match[str]) -> str:
	name = found.lastgroup or ""
	if name not in _NAMES:
		name = next(name for name in _NAMES if found[name] is not None)
	return _SHOWN.get(name, f"<{name}>")


def own_frames(text: str) -> tuple[str, ...]:
	"""Return the innermost frames of a traceback that lie in the bench's apps, without line numbers."""
	found = []
	for path, function in _FRAME.findall(text):
		own = _APP.search(path)
		if own and "/site-packages/" not in path:
			found.append(f"{own[2]}:{function}")
	return tuple(found[-MOST_FRAMES:])
