"""Reading runbooks from TOML, and refusing what cannot work."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import re
import sys
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from recovery_console.core.action import Action
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.parameters import read_value, types_of
from recovery_console.core.runbook import Parameter, Runbook, Step, StepKind

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

logger = logging.getLogger(__name__)

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LARGEST = 256 * 1024
#: What the texts and commands of a manual step may name of the site.
PLACES = (
	"site",
	"bench",
	"site_path",
	"bench_user",
	"db_type",
	"db_name",
	"db_host",
	"frappe_version",
	"backups",
	"latest_backup",
)
_TOP = {
	"title",
	"summary",
	"findings",
	"errors",
	"best_for",
	"parameters",
	"verify",
	"duration",
	"otherwise",
	"emergency",
	"unattended",
	"steps",
}
_STEP: dict[StepKind, set[str]] = {
	StepKind.CHECK: {"expect"},
	StepKind.ACTION: {"parameters", "late"},
	StepKind.MANUAL: {"command", "check"},
	StepKind.APPROVAL: {"second_person", "expires"},
	StepKind.WAIT: {"limit"},
}
_EXPECT = ("ok", "finding", "known")
_PARAMETER = re.compile(r"\{(\w+)\}")


def read_runbook(
	runbook_id: str,
	text: str,
	actions: Mapping[str, type[Action]],
	checks: Collection[str],
	origin: str = "console",
) -> Runbook:
	"""Return the runbook that a TOML text describes.

	Args:
		runbook_id: Its id, in words with hyphens.
		text: The TOML.
		actions: Actions that it may use, by id.
		checks: Ids of the checks that it may name.
		origin: Whose it is.

	Raises:
		UsageError: The text is no TOML, or names something that is not there.
	"""
	reader = _Reader(runbook_id, actions, checks)
	if not ID.fullmatch(runbook_id):
		raise reader.wrong("its id is not made of lower-case words with hyphens")
	if len(text.encode()) > LARGEST:
		raise reader.wrong(f"it is larger than {LARGEST} bytes")
	try:
		written = tomllib.loads(text)
	except (ValueError, RecursionError) as error:  # its own errors, numbers and lists beyond all measure
		raise reader.wrong(f"it is not TOML: {error}") from error
	return reader.read(written, origin, hashlib.sha256(text.encode()).hexdigest()[:16])


def read_folder(
	folder: Path, actions: Mapping[str, type[Action]], checks: Collection[str], origin: str = "console"
) -> dict[str, Runbook]:
	"""Return the runbooks of a folder, by id; the name of a file is the id of its runbook.

	One that cannot be used is left out: the others must work. ``read_file`` says what is wrong with it.
	"""
	found: dict[str, Runbook] = {}
	for path in sorted(folder.glob("*.toml")):
		try:
			found[path.stem] = read_file(path, actions, checks, origin)
		except ConsoleError:
			logger.exception("The runbook %s cannot be used", path)
	return found


def read_file(
	path: Path, actions: Mapping[str, type[Action]], checks: Collection[str], origin: str = "console"
) -> Runbook:
	"""Return the runbook in a file.

	Raises:
		UsageError: It is wrong.
		ConsoleError: It cannot be read.
	"""
	try:
		text = path.read_text("utf-8")
	except (OSError, UnicodeDecodeError) as error:
		raise ConsoleError(
			f"The runbook {path} cannot be read: {error}.", remedy="Install its app again."
		) from error
	return read_runbook(path.stem, text, actions, checks, origin)


@dataclasses.dataclass
class _Reader:
	id: str
	actions: Mapping[str, type[Action]]
	checks: Collection[str]

	def wrong(self, what: str) -> UsageError:
		return UsageError(
			f"The runbook {self.id} cannot be used: {what}.",
			remedy="Correct its text; docs/runbooks.md tells the form.",
		)

	def read(self, written: Mapping[str, Any], origin: str, digest: str) -> Runbook:
		if unknown := sorted(set(written) - _TOP):
			raise self.wrong(f"it has {', '.join(unknown)}, which no runbook has")
		for name in ("title", "summary"):
			if not isinstance(written.get(name), str) or not written[name].strip():
				raise self.wrong(f"it has no {name}")
		steps = written.get("steps")
		if not isinstance(steps, list) or not steps:
			raise self.wrong("it has no steps")
		read = tuple(self.step(step, number) for number, step in enumerate(steps, 1))
		names = self.texts(written, "parameters")
		self.look_at_parameters(read, names)
		for name in ("duration", "otherwise"):
			self.text(written, name, "it")
		return Runbook(
			id=self.id,
			title=written["title"].strip(),
			summary=" ".join(written["summary"].split()),
			steps=read,
			findings=self.answered(self.texts(written, "findings")),
			errors=self.texts(written, "errors"),
			parameters=tuple(self.parameter(name, read) for name in names),
			verify=self.known_checks(self.texts(written, "verify")),
			duration=written.get("duration", ""),
			otherwise=written.get("otherwise", ""),
			emergency=self.switch(written, "emergency", "it"),
			unattended=self.switch(written, "unattended", "it", default=True),
			origin=origin,
			digest=digest,
		)

	def texts(self, written: Mapping[str, Any], name: str) -> tuple[str, ...]:
		value = written.get(name, [])
		if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
			raise self.wrong(f"{name} is no list of names")
		return tuple(value)

	def answered(self, findings: tuple[str, ...]) -> tuple[str, ...]:
		"""Return the checks of findings; ``check:subject`` names one kind of finding, see ``answers.for_finding``."""
		return self.known_checks(tuple(dict.fromkeys(name.partition(":")[0] for name in findings)))

	def known_checks(self, ids: tuple[str, ...]) -> tuple[str, ...]:
		if unknown := [name for name in ids if name not in self.checks]:
			raise self.wrong(f"there is no check {', '.join(unknown)}")
		return ids

	def text(self, written: Mapping[str, Any], name: str, where: str) -> str:
		value = written.get(name, "")
		if not isinstance(value, str):
			raise self.wrong(f"{name} of {where} is no text")
		return value

	def switch(self, written: Mapping[str, Any], name: str, where: str, *, default: bool = False) -> bool:
		value = written.get(name, default)
		if not isinstance(value, bool):
			raise self.wrong(f"{name} of {where} is neither true nor false")
		return value

	def look_at_parameters(self, steps: tuple[Step, ...], names: tuple[str, ...]) -> None:
		"""Refuse a step that is given what nobody is asked for, or not given what it must have."""
		for number, step in enumerate(steps, 1):
			if not step.action:
				continue
			aliases = [
				_PARAMETER.fullmatch(value) for value in step.parameters.values() if isinstance(value, str)
			]
			if unknown := [found[1] for found in aliases if found and found[1] not in names]:
				raise self.wrong(f"step {number} takes {', '.join(unknown)}, which is none of its parameters")
			defaults = self.actions[step.action].parameters()
			must = [name for name, default in defaults.items() if default is dataclasses.MISSING]
			if lacking := [name for name in must if name not in step.parameters and name not in names]:
				raise self.wrong(f"{step.action} in step {number} is not given {', '.join(lacking)}")

	def step(self, written: Any, number: int) -> Step:
		if not isinstance(written, dict):
			raise self.wrong(f"step {number} is no table")
		kind = self.kind(written, number)
		allowed = {kind.value, "title", *_STEP[kind]}
		if unknown := sorted(set(written) - allowed):
			raise self.wrong(f"step {number}, which is a step of kind {kind}, has {', '.join(unknown)}")
		main = written[kind.value]
		if not isinstance(main, str) or not main.strip():
			raise self.wrong(f"{kind} of step {number} is no text")
		self.text(written, "title", f"step {number}")
		readers = {
			StepKind.CHECK: self._check,
			StepKind.ACTION: self._action,
			StepKind.MANUAL: self._manual,
			StepKind.APPROVAL: self._approval,
			StepKind.WAIT: self._wait,
		}
		return readers[kind](main.strip(), written, number)

	def kind(self, written: Mapping[str, Any], number: int) -> StepKind:
		# A manual step may name the check that proves it.
		named = [kind for kind in StepKind if kind.value in written]
		if StepKind.MANUAL in named:
			named = [kind for kind in named if kind is not StepKind.CHECK]
		if len(named) != 1:
			raise self.wrong(f"step {number} is not one of {', '.join(StepKind)}")
		return named[0]

	def _check(self, main: str, written: Mapping[str, Any], number: int) -> Step:
		self.known_checks((main,))
		expect = written.get("expect", "ok")
		if expect not in _EXPECT:
			raise self.wrong(f"expect of step {number} is not one of {', '.join(_EXPECT)}")
		return Step(StepKind.CHECK, written.get("title", ""), check=main, expect=expect)

	def _action(self, main: str, written: Mapping[str, Any], number: int) -> Step:
		if main not in self.actions:
			raise self.wrong(f"there is no action {main}")
		given = written.get("parameters", {})
		if not isinstance(given, dict):
			raise self.wrong(f"parameters of step {number} are no names with values")
		kinds = types_of(self.actions[main])
		for name, value in given.items():
			if name not in kinds:
				raise self.wrong(f"{main} in step {number} has no parameter {name}")
			if not (isinstance(value, str) and _PARAMETER.fullmatch(value)):
				read_value(self.id, name, kinds[name], value)
		title = written.get("title", self.actions[main].title)
		late = self.switch(written, "late", f"step {number}")
		return Step(StepKind.ACTION, title, action=main, parameters=dict(given), late=late)

	def _manual(self, main: str, written: Mapping[str, Any], number: int) -> Step:
		command = self.text(written, "command", f"step {number}").strip()
		for text in (main, command):
			if unknown := sorted(set(_PARAMETER.findall(text)) - set(PLACES)):
				raise self.wrong(f"step {number} names {', '.join(unknown)}, which a site does not have")
		proof = self.text(written, "check", f"step {number}")
		self.known_checks((proof,) if proof else ())
		return Step(StepKind.MANUAL, written.get("title", ""), instruction=main, command=command, check=proof)

	def _approval(self, main: str, written: Mapping[str, Any], number: int) -> Step:
		return Step(
			StepKind.APPROVAL,
			written.get("title", ""),
			role=main,
			second_person=self.switch(written, "second_person", f"step {number}"),
			expires=self.duration(written, "expires", timedelta(hours=24), number),
		)

	def _wait(self, main: str, written: Mapping[str, Any], number: int) -> Step:
		self.known_checks((main,))
		limit = self.duration(written, "limit", timedelta(minutes=10), number)
		return Step(StepKind.WAIT, written.get("title", ""), check=main, limit=limit)

	def duration(self, written: Mapping[str, Any], name: str, default: timedelta, number: int) -> timedelta:
		if name not in written:
			return default
		found: timedelta = read_value(f"step {number} of {self.id}", name, timedelta, written[name])
		return found

	def parameter(self, name: str, steps: tuple[Step, ...]) -> Parameter:
		"""Return a parameter with the type and default of the first action's that it fills."""
		for step in steps:
			if not step.action:
				continue
			action = self.actions[step.action]
			kinds = types_of(action)
			aliases = [key for key, value in step.parameters.items() if value == "{" + name + "}"]
			key = aliases[0] if aliases else name
			if key in kinds and (aliases or key not in step.parameters):
				default = action.parameters()[key]
				required = default is dataclasses.MISSING
				return Parameter(
					name=name,
					title=name.replace("_", " ").capitalize(),
					kind=kinds[key],
					default=None if required else default,
					required=required,
					secret=self.is_secret(name, steps),
				)
		raise self.wrong(f"none of its actions takes {name}")

	def is_secret(self, name: str, steps: tuple[Step, ...]) -> bool:
		"""Tell whether any action keeps secret what this parameter fills."""
		return any(
			step.parameters.get(key, "{" + name + "}" if key == name else "") == "{" + name + "}"
			for step in steps
			if step.action
			for key in self.actions[step.action].secret
		)


def secrets_of(step: Step, given: Mapping[str, Any], action: type[Action]) -> dict[str, str]:
	"""Return the secret parameters of an action that a run was given; they are kept nowhere."""
	values = values_for(step, given, action)
	return {name: str(values[name]) for name in action.secret if values.get(name)}


def values_for(step: Step, given: Mapping[str, Any], action: type[Action]) -> dict[str, Any]:
	"""Return what an action of a runbook is given: the step's own values, and those of the run that it takes."""
	names = types_of(action)
	values = {name: given[name] for name in names if name in given and name not in step.parameters}
	for name, value in step.parameters.items():
		alias = _PARAMETER.fullmatch(value) if isinstance(value, str) else None
		if alias is None:
			values[name] = value
		elif alias[1] in given:
			values[name] = given[alias[1]]
	return values
