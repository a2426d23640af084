"""Making batches on sample sites, as the engine does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from recovery_console.core.action import Action
from recovery_console.core.edits import Act, Edit
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import Subject
from recovery_console.core.making import Made, Outcome, make_batch
from recovery_console.core.plan import Batch
from recovery_console.core.writable import WritableSite, open_writable
from tests.support.sample import SampleSite


@dataclass(frozen=True)
class Bell(Action):
	"""Ring a bell, which breaks when it is told to."""

	def perform(self, site: WritableSite, act: Act) -> str:
		if act.name == "broken":
			raise ConsoleError("The bell is broken.", remedy="Buy another.")
		return f"{act.name} rang."

	def is_done(self, site: WritableSite, act: Act) -> bool | None:
		return {"known": True, "silent": False}.get(act.name)


def ring(name: str) -> Act:
	return Act("Ring", "Bell", name, {})


@contextmanager
def writable(site: SampleSite) -> Iterator[WritableSite]:
	now = site.bench.now
	with open_writable(site.bench.folder, site.name, clock=lambda: now) as opened:
		yield opened


def batch_of(*edits: Edit) -> Batch:
	return Batch(Subject("Test", "1"), edits)


def make(site: SampleSite, *edits: Edit, again: bool = False) -> Outcome:
	"""Make one batch; the site is opened anew, so that nothing stale is believed."""
	with writable(site) as opened:
		return make_batch(opened, Bell(), batch_of(*edits), again=again)


def undo(site: SampleSite, *edits: Edit) -> Outcome:
	with writable(site) as opened:
		return make_batch(opened, Bell(), batch_of(*edits).reversed())


def made_and_undone(site: SampleSite, *edits: Edit) -> None:
	"""Make a batch twice and take it back twice: the second time there is nothing to do."""
	assert make(site, *edits).made is Made.MADE
	assert make(site, *edits).made is Made.ALREADY
	assert undo(site, *edits).made is Made.MADE
	assert undo(site, *edits).made is Made.ALREADY
