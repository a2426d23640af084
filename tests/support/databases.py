"""One face for the three databases that a site can live in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from tests.support.ddl import Ddl, Dialect
from tests.support.doctypes import Schema

Row = dict[str, Any]


class Database(ABC):
	"""A site's database, opened by the test harness with rights that the site itself may not have."""

	dialect: ClassVar[Dialect]

	def __init__(self, name: str, password: str, schema: Schema) -> None:
		self.name = name
		self.password = password
		self.schema = schema
		self.ddl = Ddl(self.dialect, schema.frappe)

	@abstractmethod
	def config(self) -> dict[str, Any]:
		"""The keys of `site_config.json` that lead to this database."""

	@abstractmethod
	def create(self) -> None:
		"""Make the database, its user and every table of the schema; what was there is dropped."""

	@abstractmethod
	def execute(self, text: str, params: Sequence[Any] = ()) -> tuple[list[Row], int]:
		"""Run one statement; the rows that it answers and the number that it touched."""

	@abstractmethod
	def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
		"""Insert rows in one transaction, as fast as the driver can."""

	@abstractmethod
	def tables(self) -> list[str]:
		"""The names of all tables."""

	@abstractmethod
	def checksums(self) -> dict[str, str]:
		"""A text per table that changes when a row of it changes."""

	@abstractmethod
	def freeze(self) -> None:
		"""Remember the present content; `restore` goes back to it."""

	@abstractmethod
	def restore(self) -> None:
		"""Put back the content of the last `freeze`, whoever changed it since."""

	@abstractmethod
	def close(self) -> None:
		"""Let go of connections; the next statement opens them again."""

	@abstractmethod
	def drop(self) -> None:
		"""Remove the database, its user and the frozen copy."""

	def sql(self, text: str, params: Sequence[Any] = ()) -> tuple[list[Row], int]:
		"""Like `execute`, for statements written once for all dialects: `%s` and backticks are understood."""
		return self.execute(self.translate(text), params)

	def translate(self, text: str) -> str:
		"""The statement in this dialect."""
		return text.replace("`", '"')
