"""How secrets and personal data look in a text.

A rule has signs, short lower-case texts of which one stands in each secret of its kind, and a pattern that is
tried right after a sign. Searching signs is fast; so a megabyte without secrets costs some milliseconds, and no
pattern but that of account numbers ever runs over a whole text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from string import ascii_letters, digits

from recovery_console.core.record import dataclass

MASK = "[redacted]"
#: A piece of a text to replace: where it begins, where it ends, what stands there instead.
Span = tuple[int, int, str]
#: What the name of a secret ends in: one of these words, or ``key`` after one of those.
WORDS = ("password", "passwd", "passphrase", "pwd", "secret", "token", "credential")
KEYS = (
	"api",
	"access",
	"account",
	"auth",
	"encryption",
	"private",
	"secret",
	"signing",
	"license",
	"password",
)
#: The shortest text that holds a secret with its name, such as ``otp=1``.
SHORTEST = 5
#: So much before a sign is looked at, as a rule.
_NEAR = 16
_FAR = 120

# A value after a name, unless it is a word that says nothing: in quotes, in quotes that are themselves in a
# quoted text, or bare up to the next gap.
_VALUE = r"""(?! (?: yes|no|none|null|true|false|undefined|str|int|bytes|\[redacted\] )(?![\w-]) | \*{3} )(?:
	b?'(?P<single>(?:[^'\\\n]|\\.)*) | b?"(?P<double>(?:[^"\\\n]|\\.)*) | \\+['"](?P<nested>[^\\\n]*) |
	(?P<bare>[^\s'"<\\](?:(?! ,\s*[\w'"]+\s*[:=] | \\*['"]\s*[,:)}\]] | &[\w.%-]+= | </?[a-z] )\S)*)
)"""
_ASSIGNED = rf"""s?(?:[_-](?:key|hash|value))?\\*['"]?
	(?: \s*[:=]=?>?\s* | >(?=[^\s<]) | \s+value= ){_VALUE}"""


@dataclass(frozen=True)
class Rule:
	"""One kind of secret.

	Args:
		signs: Lower-case texts of which one stands in, or right before, every secret of this kind.
		pattern: Tried right after a sign. Its groups are masked; without groups, the sign and the match.
		before: Must fit what stands right before the sign.
		not_after: Characters of which none may stand right before the sign.
		reach: So many characters before the sign are looked at.
	"""

	signs: tuple[str, ...]
	pattern: str
	before: str = ""
	not_after: str = ""
	reach: int = _NEAR


def _rule(signs: str, pattern: str, *, before: str = "", not_after: str = "", reach: int = _NEAR) -> Rule:
	return Rule(tuple(signs.split("|")), pattern, rf"(?:{before})\Z" if before else "", not_after, reach)


@cache
def _compiled(rule: Rule) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
	"""Return the patterns of a rule, made ready where its sign is met: few texts hold any."""
	return (
		re.compile(rule.pattern, re.IGNORECASE | re.VERBOSE | re.MULTILINE),
		re.compile(rule.before, re.IGNORECASE) if rule.before else None,
	)


_RULES = (
	_rule("|".join(WORDS), _ASSIGNED, not_after="/"),
	_rule("key", _ASSIGNED, before=rf"(?:{'|'.join(KEYS)})[_-]?"),
	_rule("sid|otp", _ASSIGNED, not_after=ascii_letters + digits),
	_rule("-password |-passwd |-token |-secret |-key ", rf"\s*(?!-){_VALUE}", before=r"-[\w-]*"),
	_rule(
		" -p",
		r"(?P<value>'[^'\n]*|\"[^\"\n]*|[^\s'\"-]\S+)",
		before=r"(?:mysql|mariadb)[^\n]{0,100}",
		reach=_FAR,
	),
	_rule(" -a ", r"""['"]?(?P<value>[^\s'"-][^\s'"]*)""", before=r"redis-cli[^\n]{0,100}", reach=_FAR),
	_rule(" -u ", r"""['"]?[^\s:'"]+:(?P<value>[^\s'"]+)""", before=r"curl[^\n]{0,100}", reach=_FAR),
	_rule("auth plain |auth login ", r"(?P<value>[A-Za-z0-9+/=]{8,})"),
	_rule("requirepass |masterauth ", r"""['"]?(?P<value>[^\s'"]+)"""),
	_rule("identified by", r"""\s+(?:password\s+)?['"](?P<value>[^'"\n]*)"""),
	_rule("password(", r"""['"](?P<value>[^'"\n]+)""", before=r"=\s*"),
	_rule(
		"authorization",
		r"""\\*['"]?\s*[:=]\s*\\*['"]?(?P<value>
		(?:bearer|basic|token|digest|negotiate)\s+[^'"\\\r\n]+ | [^\s'"\\]{8,})""",
	),
	_rule("cookie", r"""s?\\*['"]?\s*[:=]\s*\\*['"]?(?P<value>[^\r\n]+?)(?:\\*['"]\s*[,}\])]|\s*$)"""),
	_rule("bearer ", r"\s*(?P<value>[\w.~+/=-]{8,})"),
	_rule("token ", r"\s*(?P<value>[0-9a-f]{10,}:[0-9a-f]{10,})"),
	_rule(
		"://",
		r"""[^\s:/@'"]*:(?!\d{1,5}[/?\#])(?P<password>[^\s'"]{1,300})@(?=[\w.\[-])
		| (?P<token>[\w-]{20,})@""",
	),
	_rule(
		"://",
		# Behind a web server's name such digits are a port; before a database's they belong to the password.
		r"""(?!localhost:)[^\s:/@'".]*:(?P<password>\d{1,5}[/?\#][^\s'"]{1,300})@(?=[\w.\[-])""",
		before=r"(?:postgres(?:ql)?|mysql|mariadb|rediss?|smtps?|imaps?|amqps?|mongodb|ldaps?|s?ftp)(?:\+\w{1,9})?",
		reach=24,
	),
	_rule("?key=|&key=", r"(?P<value>[\w%-]{16,})"),
	_rule("sig=|signature=", r"""(?P<value>[^\s&'"]{8,})""", before=r"[?&;][\w-]*"),
	_rule(
		"-----begin ",
		r"(?P<key>[A-Z0-9 ]*PRIVATE\ KEY(?:\ BLOCK)?-----(?s:.){1,20000}?(?:PRIVATE\ KEY(?:\ BLOCK)?-----|\Z))",
	),
	_rule("gaaaaa", r"[\w-]{60,}={0,2}"),
	_rule("eyj", r"[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
	_rule("akia", r"(?-i:[0-9A-Z]{16})\b"),
	_rule("ghp_|gho_|ghu_|ghs_|ghr_|github_pat_|npm_", r"\w{30,}"),
	_rule("glpat-|xoxb-|xoxp-|xoxa-|xoxs-|xoxr-|gocspx-|ya29.", r"[\w-]{10,}"),
	_rule("sk_live_|sk_test_|rk_live_|rk_test_|whsec_", r"\w{10,}"),
	_rule("aiza", r"[\w-]{35}"),
	_rule("sg.", r"[\w-]{16,}\.[\w-]{16,}"),
	_rule("hooks.slack.com/services/", r"(?P<value>[\w/]{10,})"),
	_rule(":aa", r"[\w-]{33}", before=r"(?<!\d)\d{8,10}"),
	_rule("$2a$|$2b$|$2y$", r"\d\d\$[./\w]{53}"),
	_rule("$pbkdf2|$argon2|$scrypt|$5$|$6$|$y$", r"""[^\s'"]{20,}"""),
	_rule("verification code is", r"\s+(?:<\w+>)?(?P<value>\d{4,8})"),
	_rule("live_|test_", r"(?-i:[A-Za-z0-9]{30,})\b", not_after=ascii_letters + digits),
	_rule(
		"password is|passphrase is|secret is|token is",
		r""":?\s+(?:'(?P<single>[^'\n]+)|"(?P<double>[^"\n]+)|(?P<bare>(?=[^\s<]*\d)[^\s'"<]{4,}))""",
	),
	_rule(
		"set-config ",
		rf"""(?:\s*-{{1,2}}[\w-]+)*\s*\S*?(?:(?:{"|".join(WORDS)})s?|(?:{"|".join(KEYS)})_?key)\s+{_VALUE}""",
	),
)

#: Length of an IBAN and the countries that have it.
_COUNTRIES = {
	15: "NO",
	16: "BE",
	18: "DK FI FO GL NL SD",
	19: "MK SI",
	20: "AT BA EE KZ LT LU MN XK",
	21: "CH HR LI LV",
	22: "BG BH CR DE GB GE IE ME RS VA",
	23: "AE GI IL IQ OM TL SO",
	24: "AD CZ ES MD PK RO SA SE SK TN VG",
	25: "LY PT ST",
	26: "IS TR",
	27: "BI DJ FR GR IT MC MR SM",
	28: "AL AZ BY CY DO GT HU LB NI PL SV",
	29: "BR EG PS QA UA",
	30: "JO KW MU YE",
	31: "MT SC",
	32: "LC",
	33: "RU",
}
_LENGTHS = {country: length for length, countries in _COUNTRIES.items() for country in countries.split()}
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ \u00a0\u2009\u202f]?[A-Za-z0-9]){11,40}")
#: In groups of four with dashes, dots or slashes between, as people type them, or as addresses write blanks. Other
#: names with dashes have other groups.
_GROUPED = re.compile(
	r"(?<![A-Za-z0-9.-])[A-Za-z]{2}[0-9]{2}(%20|[-./_+\u2010-\u2013])(?:[A-Za-z0-9]{4}\1){2,6}[A-Za-z0-9]{1,4}"
	r"(?![-.]?[A-Za-z0-9])"
)
#: Countries whose account numbers are digits only, and how many letters stand before the digits in others.
_DIGITS_AFTER = {
	0: "AE AT BA BE CZ DE DK EE ES FI FO GL HR HU IL IS LT ME NO PL PT RS SE SI SK TL TN VA XK",
	2: "GE",
	4: "GB IE NL VG",
}
_LETTERS = {country: count for count, some in _DIGITS_AFTER.items() for country in some.split()}
_LOCAL_PART = re.compile(r"(?<![\w.+%'-])(\w)[\w.+%'-]*\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def secret_spans(text: str) -> list[Span]:
	"""Return where secrets and account numbers stand in a text."""
	if len(text) < SHORTEST:
		return []
	searched = _lower(text)
	return [*_by_rules(text, searched), *_account_numbers(text)]


def personal_spans(text: str) -> list[Span]:
	"""Return where the local parts of e-mail addresses stand in a text; their first letter stays."""
	return [
		(place - len(local[0]), place, f"{local[1]}***")
		for sign in ("@", "%40")
		for place in _places(text, sign)
		if (local := _LOCAL_PART.search(text, max(0, place - _FAR), place))
		and _DOMAIN.match(text, place + len(sign))
	]


def replaced(text: str, spans: Iterable[Span]) -> str:
	"""Replace pieces of a text. Pieces that overlap are masked as one."""
	parts: list[str] = []
	done = 0
	for start, end, instead in sorted(spans):
		if start < done:
			done = max(done, end)
			continue
		parts += [text[done:start], instead]
		done = end
	return "".join([*parts, text[done:]]) if parts else text


def _lower(text: str) -> str:
	"""Lower a text without moving a place in it: a few letters would grow."""
	lowered = text.lower()
	if len(lowered) == len(text):
		return lowered
	return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _places(text: str, sign: str) -> Iterator[int]:
	place = text.find(sign)
	while place >= 0:
		yield place
		place = text.find(sign, place + len(sign))


def _by_rules(text: str, searched: str) -> Iterator[Span]:
	for rule in _RULES:
		for sign in rule.signs:
			if sign in searched:
				yield from _by_sign(rule, sign, text, searched)


def _by_sign(rule: Rule, sign: str, text: str, searched: str) -> Iterator[Span]:
	pattern, before = _compiled(rule)
	match, not_after, length = pattern.match, rule.not_after, len(sign)
	place = searched.find(sign)
	while place >= 0:
		end = place + length
		if not (place and text[place - 1] in not_after) and (
			before is None or before.search(text[max(0, place - rule.reach) : place])
		):
			found = match(text, end)
			if found is not None:
				yield from _masked(found, place)
				end = max(end, found.end())
		place = searched.find(sign, end)


def _masked(found: re.Match[str], place: int) -> Iterator[Span]:
	if not found.groupdict():
		yield place, found.end(), MASK
		return
	for name, value in found.groupdict().items():
		if value:
			kept = value.rstrip("\"',;)}]") if name == "bare" else value
			if kept:
				yield found.start(name), found.start(name) + len(kept), MASK


def _account_numbers(text: str) -> Iterator[Span]:
	for expression, likely in ((_IBAN, _is_likely), (_GROUPED, _has_form)):
		for found in expression.finditer(text):
			if place := _iban(found, likely):
				yield place


def _iban(found: re.Match[str], is_likely: Callable[[str], bool]) -> Span | None:
	"""Return the part of a match that is an IBAN, also one with a slip; country and last four characters stay."""
	text = found.string
	blanks = {
		place + number
		for place in _places(found[0], "%20")
		for number in range(found.start(), found.start() + 3)
	}
	places = [place for place in range(*found.span()) if text[place].isalnum() and place not in blanks]
	letters = "".join(text[place] for place in places)
	length = _LENGTHS.get(letters[:2].upper(), 0)
	for some in (length, length - 1, length + 1, length - 2, length + 2) if length else ():
		number = letters[:some]
		end = places[some - 1] + 1 if some <= len(places) else 0
		if not end or text[end : end + 1].isalnum():
			continue
		if (some == length and _is_valid(number)) or is_likely(number):
			return found.start(), end, f"{number[:2].upper()}…{number[-4:]}"
	return None


def _is_valid(iban: str) -> bool:
	if iban[:2].upper() in _LETTERS and not _has_form(iban):
		return False
	return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def _is_likely(iban: str) -> bool:
	"""Tell whether this is an IBAN with a wrong digit rather than a word or a checksum."""
	if iban == iban.upper():
		return sum(letter.isdigit() for letter in iban[4:]) >= 8
	return _has_form(iban)


def _has_form(iban: str) -> bool:
	"""Tell whether letters and digits stand where the country has them: no checksum or id does so by chance."""
	letters = _LETTERS.get(iban[:2].upper())
	return letters is not None and bool(re.fullmatch(rf"[A-Za-z]{{{letters}}}[0-9]+", iban[4:]))
