"""The text of a query: is it one harmless SELECT, which tables and conditions does it name, and what of it is data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache

from recovery_console.core.errors import UsageError
from recovery_console.core.record import dataclass

MOST_CHARACTERS = 100_000
_PIECES = (
	r"(?P<space>\s+|--[^\n]*|{comment}/\*.*?\*/)"
	r"|(?P<string>'(?:{escape}[^']|'')*')"
	r"|(?P<double>\"(?:{escape}[^\"]|\"\")*\")"
	r"|(?P<name>`[^`]*`)"
	r"|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?\b|0x[0-9a-f]+)"
	r"|(?P<word>[^\W\d][\w$]*)"
	r"|(?P<sign><=>|<=|>=|<>|!=|\|\||::|.)"
)


@lru_cache(maxsize=2)
def _pieces(dialect: str) -> re.Pattern[str]:
	"""Return what takes a statement apart; made where a query is first read, which most processes never do."""
	comment, escape = (r"\#[^\n]*|", r"\\.|(?!\\)") if dialect == "mariadb" else ("", "")
	pattern = _PIECES.replace("{comment}", comment).replace("{escape}", escape)
	return re.compile(pattern, re.DOTALL | re.IGNORECASE)


_CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE"})
#: Functions that do something, or wait: some servers carry them out while they plan.
_ACTS = re.compile(
	r"(sleep|benchmark|get_lock|release_(all_)?locks?|load_file|load_extension|readfile|writefile|edit|nextval|setval"
	r"|set_config|lastval|query_to_xml\w*|master_\w+|pg_\w+|lo_\w+|dblink\w*)$",
	re.IGNORECASE,
)
#: Where passwords and the servers' own accounts are kept: a plan tells a little about the values, too. `U&` spells
#: names in PostgreSQL so that nobody finds them.
_CLOSED = re.compile(r"__auth|pg_authid|pg_shadow|\bmysql\W{0,3}\.|u&", re.IGNORECASE)
_CLAUSES = frozenset({"SELECT", "FROM", "JOIN", "ON", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION"})
_WORDS = _CLAUSES | {
	*(
		"AND",
		"OR",
		"NOT",
		"IN",
		"IS",
		"NULL",
		"LIKE",
		"ILIKE",
		"BETWEEN",
		"EXISTS",
		"AS",
		"BY",
		"ASC",
		"DESC",
	),
	*("INNER", "LEFT", "RIGHT", "OUTER", "CROSS", "NATURAL", "USING", "CASE", "WHEN", "THEN", "ELSE", "END"),
	*(
		"DISTINCT",
		"ALL",
		"ANY",
		"OFFSET",
		"INTERVAL",
		"FORCE",
		"USE",
		"IGNORE",
		"INDEX",
		"STRAIGHT_JOIN",
		"WITH",
	),
	*(
		"REGEXP",
		"RLIKE",
		"TRUE",
		"FALSE",
		"OVER",
		"PARTITION",
		"LATERAL",
		"WINDOW",
		"EXCEPT",
		"INTERSECT",
		"VALUES",
	),
}
_COMPARES = frozenset(
	{
		*("=", "<", ">", "<=", ">=", "<>", "!=", "<=>", "IN", "LIKE", "ILIKE", "BETWEEN", "IS"),
		*("NOT", "REGEXP", "RLIKE"),
	}
)
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "GROUP_CONCAT", "STRING_AGG"})


@dataclass(frozen=True)
class Token:
	"""A piece of a query. ``text`` of a name comes without its quotes, that of a word in capitals."""

	kind: str
	text: str
	raw: str
	start: int


@dataclass(frozen=True)
class Condition:
	"""A comparison of a column.

	Args:
		table: Name or alias before the column; empty where the query gives none.
		column: Its name.
		operator: In capitals, such as ``=`` or ``NOT``.
		function: The function around the column, in capitals; empty where there is none.
		pattern: What a ``LIKE`` compares with, where it stands in the query.
		joins: It is compared with another column.
	"""

	table: str
	column: str
	operator: str
	function: str = ""
	pattern: str = ""
	joins: bool = False


@dataclass(frozen=True)
class Query:
	"""What a query names.

	Args:
		text: The one statement, without comments before it and without a semicolon behind.
		tables: Tables by the name under which the query knows them, in lower case.
		conditions: Comparisons in WHERE and ON, in their order.
		ordered: Columns after ORDER BY of the whole, with their table's name or alias.
		limited: It has a LIMIT, or answers one row.
		all_columns: It asks for ``*``.
	"""

	text: str
	tables: dict[str, str] = field(default_factory=dict)
	conditions: tuple[Condition, ...] = ()
	ordered: tuple[tuple[str, str], ...] = ()
	limited: bool = False
	all_columns: bool = False


def read(text: str, dialect: str) -> Query:
	"""Read one SELECT.

	Raises:
		UsageError: It is anything else, or more than one statement.
	"""
	if len(text) > MOST_CHARACTERS:
		raise _refused(f"The query has more than {MOST_CHARACTERS} characters.", "Give the SELECT alone.")
	cleaned = re.sub(r"(\s|;)+$", "", text.replace("\r", "\n").replace("\0", " "))
	found = list(tokens(cleaned, dialect))
	_expect_one_select(cleaned, found)
	start = found[0].start
	walk = _Walk(found)
	return Query(
		text=cleaned[start:],
		tables=dict(_tables(found)),
		conditions=tuple(walk.conditions),
		ordered=tuple(walk.ordered),
		limited=_is_limited(found),
		all_columns=any(
			token.text == "*" and found[at - 1].text in ("SELECT", ".") for at, token in enumerate(found)
		),
	)


def tokens(text: str, dialect: str) -> Iterator[Token]:
	"""Cut a statement into its pieces, without spaces and comments."""
	for match in _pieces("mariadb" if dialect == "mariadb" else "standard").finditer(text):
		kind, raw = str(match.lastgroup), match[0]
		if kind == "space":
			continue
		if kind == "double":
			kind = "string" if dialect == "mariadb" else "name"
		plain = raw.upper() if kind == "word" else raw[1:-1] if kind in ("name", "string") else raw
		yield Token(kind, plain, raw, match.start())


def without_values(text: str, dialect: str, most: int = 300) -> str:
	"""Return a statement without the values in it: what may be shown, and the same for statements of one shape."""
	parts: list[str] = []
	for token in tokens(text, dialect):
		part = "?" if token.kind in ("string", "number") else token.raw
		if part == "?" and parts[-2:] == ["?", ","]:
			parts.pop()  # a list of values is as good as one
			continue
		parts.append(part)
	shown = re.sub(r" (?=[,).])|(?<=[(.]) ", "", " ".join(parts))
	return shown if len(shown) <= most else f"{shown[:most]} …"


def _expect_one_select(text: str, found: list[Token]) -> None:
	if not found:
		raise _refused("The query is empty.", "Give one SELECT statement.")
	if ";" in text:
		raise _refused(
			"The query holds a semicolon: it may be more than one statement.",
			"Give one SELECT. Where the semicolon stands in a text to compare with, write any other letter instead.",
		)
	if re.search(r"/\*M?!", text):
		raise _refused("The query holds a comment that MariaDB carries out.", "Leave the comment out.")
	closed = _CLOSED.search(text)
	if closed:
		raise _refused(
			f"The query names {closed[0]}: it may lead to where passwords are kept.", "Leave it out."
		)
	first = next((token for token in found if token.text != "("), found[0])
	if first.text not in ("SELECT", "WITH") or first.kind != "word":
		raise _refused(
			f"The query begins with {first.raw[:30]!r}: only a SELECT is planned, nothing that changes data.",
			"Give one SELECT statement, without EXPLAIN before it.",
		)
	for before, token, after in zip([found[0], *found], found, [*found[1:], found[-1]], strict=False):
		_expect_harmless(before, token, after)


def _expect_harmless(before: Token, token: Token, after: Token) -> None:
	if token.kind == "sign" and token.raw == "%" and after.raw in ("s", "("):
		raise _refused(
			"The query holds a placeholder instead of a value.",
			"Write values where %s or %(name)s stand; any of the right type do for a plan.",
		)
	if token.kind != "number" and after.text == "(" and _ACTS.match(token.text.strip()):
		raise _refused(f"The query calls {token.raw}(), which does more than read.", "Leave the call out.")
	if token.kind != "word":
		return
	if token.text in _CHANGES and before.text in ("(", ")", "AS") and after.text != "(":
		raise _refused(f"The query holds {token.text}, which changes data.", "Give the SELECT alone.")
	if token.text == "INTO" or (token.text in ("UPDATE", "SHARE") and before.text == "FOR"):
		raise _refused(
			f"The query says {before.text} {token.text}: it writes or locks.",
			"Leave that part out; the plan is the same.",
		)


def _refused(message: str, remedy: str) -> UsageError:
	return UsageError(message, remedy=remedy)


def _is_name(token: Token) -> bool:
	return token.kind == "name" or (token.kind == "word" and token.text not in _WORDS)


def _name(token: Token) -> str:
	return token.text if token.kind == "name" else token.raw


def _tables(found: list[Token]) -> Iterator[tuple[str, str]]:
	"""Yield the tables after FROM and JOIN, by alias and by name."""
	listed = False
	depth, at_depth = 0, 0
	for at, token in enumerate(found):
		depth += {"(": 1, ")": -1}.get(token.raw, 0)
		if token.kind == "word" and token.text in ("FROM", "JOIN"):
			listed, at_depth = True, depth
		elif token.kind == "word" and token.text in _CLAUSES:
			listed = False
		elif listed and depth == at_depth and _is_name(token) and found[at - 1].text in ("FROM", "JOIN", ","):
			name = _name(token)
			yield name.lower(), name
			rest = found[at + 1 : at + 3]
			alias = next((part for part in rest if part.text != "AS"), None)
			if alias is not None and _is_name(alias):
				yield _name(alias).lower(), name


def _is_limited(found: list[Token]) -> bool:
	depth = 0
	grouped = any(token.kind == "word" and token.text == "GROUP" for token in found)
	for at, token in enumerate(found):
		depth += {"(": 1, ")": -1}.get(token.raw, 0)
		if token.kind != "word" or depth:
			continue
		if token.text in ("LIMIT", "FETCH"):
			return True
		if token.text in _AGGREGATES and not grouped and found[at + 1 : at + 2] and found[at + 1].raw == "(":
			return True
	return False


class _Walk:
	"""One walk over the pieces that collects conditions, and the columns of the outermost ORDER BY."""

	def __init__(self, found: list[Token]) -> None:
		self.found = found
		self.conditions: list[Condition] = []
		self.ordered: list[tuple[str, str]] = []
		self._clause = ""
		#: For each open bracket: the clause outside of it, and the function that it belongs to.
		self._open: list[tuple[str, str]] = []
		for at, token in enumerate(found):
			self._step(at, token)

	def _step(self, at: int, token: Token) -> None:
		if token.raw == "(":
			before = self.found[at - 1] if at else token
			called = before.text.upper() if before.kind == "word" and before.text not in _WORDS else ""
			self._open.append((self._clause, called))
		elif token.raw == ")" and self._open:
			self._clause = self._open.pop()[0]
		elif token.kind == "word" and token.text in _CLAUSES:
			self._clause = token.text
		elif _is_name(token) and not self._is("." if at else "", at - 1):
			self._column(at)

	def _is(self, sign: str, at: int) -> bool:
		return bool(sign) and 0 <= at < len(self.found) and self.found[at].raw == sign

	def _column(self, at: int) -> None:
		table, last = "", at
		if self._is(".", at + 1) and at + 2 < len(self.found):
			table, last = _name(self.found[at]), at + 2
		column = _name(self.found[last])
		if self._is("(", last + 1):
			return
		if self._clause == "ORDER" and not self._open:
			self.ordered.append((table, column))
		elif self._clause in ("WHERE", "ON"):
			self._compared(table, column, at, last + 1)

	def _compared(self, table: str, column: str, first: int, after: int) -> None:
		function = self._open[-1][1] if self._open else ""
		if function:
			after = self._closing(after)
		following = self.found[after] if after < len(self.found) else None
		if following is not None and following.text in _COMPARES:
			value = self.found[after + 1] if after + 1 < len(self.found) else following
			pattern = value.text if "LIKE" in following.text and value.kind == "string" else ""
			joins = _is_name(value) and not self._is("(", after + 2)
			self.conditions.append(Condition(table, column, following.text, function, pattern, joins))
		elif first and self.found[first - 1].text in ("=", "<=>"):
			joins = first > 1 and _is_name(self.found[first - 2])
			self.conditions.append(Condition(table, column, "=", joins=joins))

	def _closing(self, at: int) -> int:
		"""Return the position behind the bracket that is open at a position."""
		depth = 1
		while at < len(self.found) and depth:
			depth += {"(": 1, ")": -1}.get(self.found[at].raw, 0)
			at += 1
		return at
