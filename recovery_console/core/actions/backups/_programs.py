"""The database's own programs, told the password where no other user of the machine sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_PIECE = 1024 * 1024
_SAID = 2_000


@dataclass(frozen=True)
class Account:
	"""Who enters the database server, and where it is."""

	kind: str
	host: str
	port: int
	socket: str
	user: str
	password: str


def account(site: Site, user: str = "", password: str = "") -> Account:
	"""Return the site's own account, or another one on the same server."""
	config = site.config
	kind = str(config.get("db_type") or "mariadb")
	name = str(config.get("db_name") or "")
	return Account(
		kind=kind,
		host=str(config.get("db_host") or ("" if config.get("db_socket") else "127.0.0.1")),
		port=config.number("db_port", 0) or (5432 if kind == "postgres" else 3306),
		socket=str(config.get("db_socket") or ""),
		user=user or str(config.get("db_user") or name),
		password=password if user else str(config.get("db_password") or ""),
	)


def program(*names: str) -> str:
	"""Return the path of the first of these programs that is installed.

	Raises:
		ConsoleError: None is.
	"""
	for name in names:
		found = shutil.which(name)
		if found:
			return found
	raise ConsoleError(
		_("The program {0} is not installed, or not in the search path.").format(names[0]),
		remedy=_("Install the client programs of the database on this machine."),
	)


@contextmanager
def command(
	of: Account, mariadb: tuple[str, ...], postgres: str, *options: str
) -> Iterator[tuple[list[str], dict[str, str]]]:
	"""Yield the call of a program of the database, and its environment; the password stands in neither's arguments.

	Args:
		of: Who calls.
		mariadb: What the program is called on MariaDB, best first.
		postgres: What it is called on PostgreSQL.
		options: What follows.
	"""
	environment = dict(os.environ)
	if of.kind == "postgres":
		environment["PGPASSWORD"] = of.password
		place = ["--host", of.host or of.socket, "--port", str(of.port), "--username", of.user]
		yield [program(postgres), *place, "--no-password", *options], environment
		return
	with tempfile.TemporaryDirectory(prefix="recovery-console-") as folder:
		secret = Path(folder) / "client.cnf"
		secret.touch(mode=0o600)
		secret.write_text(_client(of), "utf-8")
		yield [program(*mariadb), f"--defaults-extra-file={secret}", *options], environment


def _client(of: Account) -> str:
	values = {"user": of.user, "password": of.password}
	values |= {"socket": of.socket} if of.socket and not of.host else {"host": of.host, "port": str(of.port)}
	lines = [f'{name}="{_escaped(value)}"' for name, value in values.items()]
	return "\n".join(["[client]", *lines]) + "\n"


def _escaped(text: str) -> str:
	return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def run_out(
	call: list[str], environment: dict[str, str], take: Callable[[bytes], Any], seconds: float
) -> None:
	"""Run a program and hand on what it writes, piece by piece.

	Raises:
		ConsoleError: It failed, or took too long.
	"""
	ends = time.monotonic() + seconds
	with (
		tempfile.TemporaryFile() as errors,
		_started(call, environment, errors, stdout=subprocess.PIPE) as process,
	):
		assert process.stdout is not None  # noqa: S101 (asked for)
		while piece := process.stdout.read(_PIECE):
			take(piece)
			_look_at_clock(process, call, ends)
		_finished(process, call, errors)


def run_in(call: list[str], environment: dict[str, str], pieces: Iterator[bytes], seconds: float) -> None:
	"""Run a program and give it what it reads, piece by piece.

	Raises:
		ConsoleError: It failed, or took too long.
	"""
	ends = time.monotonic() + seconds
	with (
		tempfile.TemporaryFile() as errors,
		_started(call, environment, errors, stdin=subprocess.PIPE) as process,
	):
		assert process.stdin is not None  # noqa: S101 (asked for)
		try:
			for piece in pieces:
				process.stdin.write(piece)
				_look_at_clock(process, call, ends)
			process.stdin.close()
		except BrokenPipeError:
			pass  # it ended early; its status tells why
		_finished(process, call, errors)


@contextmanager
def _started(
	call: list[str], environment: dict[str, str], errors: IO[bytes], **pipes: int
) -> Iterator[subprocess.Popen[bytes]]:
	quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **pipes}
	process = subprocess.Popen(call, env=environment, stderr=errors, **quiet)  # noqa: S603 (programs found by name, arguments of ours)
	try:
		yield process
	finally:
		if process.poll() is None:
			process.kill()
		for pipe in (process.stdin, process.stdout):
			if pipe is not None:
				with suppress(BrokenPipeError):
					pipe.close()
		process.wait()


def _look_at_clock(process: subprocess.Popen[bytes], call: list[str], ends: float) -> None:
	if time.monotonic() > ends:
		process.kill()
		raise ConsoleError(
			_("{0} took too long and was ended.").format(Path(call[0]).name),
			remedy=_("Do it by hand, at a quiet hour: see the manual steps of the runbook."),
		)


def _finished(process: subprocess.Popen[bytes], call: list[str], errors: IO[bytes]) -> None:
	status = process.wait()
	if status:
		errors.seek(0)
		said = errors.read(_SAID).decode("utf-8", "replace").strip()
		raise ConsoleError(
			_("{0} failed with status {1}: {2}").format(Path(call[0]).name, status, said),
			remedy=_("Put right what it names, and try again."),
		)
