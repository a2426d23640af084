"""Keeping out of the database, and so out of its backups, what a journal must hold and nobody else may read."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from recovery_console.core.errors import ConsoleError, OutputError
from recovery_console.core.making.atomic import as_owner_of, sync_folder

_LOCKED = "locked"


class SecretBox:
	"""Locks the plans in entries with a key that lies beside the site, closed to others and in no backup.

	A plan holds what rows, configurations and files held before: passwords, keys and people's data among it.

	Args:
		folder: Where the key is; it is made when it is first needed.
	"""

	def __init__(self, folder: Path) -> None:
		self._path = folder / "journal.key"

	def pack(self, data: Mapping[str, Any]) -> str:
		"""Return an entry's data as text, locked where it holds a plan."""
		text = json.dumps(data)
		if "plan" not in data:
			return text
		return json.dumps({_LOCKED: self._key(make=True).encrypt(text.encode()).decode()})

	def unpack(self, text: str) -> Any:
		"""Return the data that ``pack`` wrote.

		Raises:
			ConsoleError: The key is gone, or another one.
		"""
		try:
			data = json.loads(text)
		except ValueError as error:
			raise ConsoleError(
				"The journal holds a line that is none: it is damaged or was changed.",
				remedy="Trust nothing that it says: compare the site by hand, and start a new run for the rest.",
			) from error
		if not isinstance(data, dict) or set(data) != {_LOCKED}:
			return data
		try:
			return json.loads(self._key(make=False).decrypt(data[_LOCKED].encode()))
		except InvalidToken as error:
			raise self._lost() from error

	def _key(self, *, make: bool) -> Fernet:
		try:
			return Fernet(self._path.read_bytes())
		except FileNotFoundError:
			if not make:
				raise self._lost() from None
		except (OSError, ValueError) as error:
			raise self._lost() from error
		try:
			self._make_key()
		except OSError as error:
			raise OutputError(
				f"The key {self._path} cannot be written: {error.strerror or error}.",
				remedy="See the room on its disk and the rights of its folder.",
			) from error
		return self._key(make=False)

	def _make_key(self) -> None:
		"""Make the key whole under another name first: half of one would lock journals up for good."""
		folder = self._path.parent
		folder.mkdir(parents=True, exist_ok=True, mode=0o700)
		descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{self._path.name}.")
		try:
			with os.fdopen(descriptor, "wb") as file:
				file.write(Fernet.generate_key())
				file.flush()
				os.fsync(file.fileno())
			as_owner_of(folder.parent, folder, Path(name))
			with contextlib.suppress(FileExistsError):  # another process was first
				os.link(name, self._path)
		finally:
			Path(name).unlink()
		sync_folder(folder)

	def _lost(self) -> ConsoleError:
		return ConsoleError(
			f"What this run planned is locked with a key that {self._path} does not hold.",
			remedy="Run as the bench's user on the machine that began it; else plan the runbook again.",
		)
