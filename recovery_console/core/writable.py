"""A site that may be changed: what the engine makes the changes of a plan through. Checks never see it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from recovery_console.core.backends.database import Database
from recovery_console.core.edits import Act, DocumentEdit
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import Clock, Shared, Site, connect, open_site


class Documents(Protocol):
	"""Makes changes through Frappe's document model; only inside a site there is one."""

	def state(self, edit: DocumentEdit) -> str:
		"""Return ``before``, ``after`` or ``moved``: what is there now."""

	def make(self, edit: DocumentEdit) -> None:
		"""Make a change and commit it."""

	def perform(self, action: str, act: Act) -> str:
		"""Do an act of an action and return in a few words what came of it."""

	def is_done(self, action: str, act: Act) -> bool | None:
		"""Tell whether an act that was begun was done; None where that cannot be known."""


class WritableSite(Site):
	"""A view of a site that can also write. Only the engine and ``Action.perform`` get one.

	Attributes:
		documents: Frappe's document model; None in break-glass.
		secrets: Secret parameters of the run that is being made, by name; never written down.
	"""

	def __init__(self, shared: Shared, documents: Documents | None = None) -> None:
		super().__init__(shared)
		self.documents = documents
		self.secrets: Mapping[str, str] = {}
		self._writer: Database | None = None

	@property
	def writer(self) -> Database:
		"""A connection that may write; statements outside ``transaction()`` take effect at once.

		Raises:
			SourceUnavailable: The database does not let us in.
		"""
		if self._writer is not None and self._writer.broken:
			self._writer.close()
			self._writer = None
		if self._writer is None:
			self._writer = connect(self.config, self.path, writable=True)
			self._writer.known = self._shared.known_tables
		return self._writer

	def close_writer(self) -> None:
		"""Close the writing connection; the next use opens another."""
		writer, self._writer = self._writer, None
		if writer is not None:
			writer.close()

	def needs_frappe(self) -> Documents:
		"""Return Frappe's document model.

		Raises:
			SourceUnavailable: This is break-glass.
		"""
		if self.documents is None:
			raise SourceUnavailable(
				"frappe",
				"This step changes documents, which only Frappe can do by its rules.",
				remedy=f"Go on inside the site: bench --site {self.name} recovery resume RUN.",
				kind="frappe",
			)
		return self.documents

	def close(self) -> None:
		self.close_writer()
		super().close()

	def __enter__(self) -> WritableSite:
		return self


def open_writable(
	bench_path: str | Path, site_name: str, *, clock: Clock | None = None, documents: Documents | None = None
) -> WritableSite:
	"""Open a site to repair it. Nothing is connected yet, as with ``open_site``.

	Args:
		bench_path: Folder of the bench.
		site_name: Name of the site.
		clock: Gives the present moment; the machine's clock by default.
		documents: Frappe's document model, inside a site.

	Raises:
		NotFoundError: There is no such bench or site.
	"""
	return WritableSite(open_site(bench_path, site_name, clock=clock).shared, documents)
