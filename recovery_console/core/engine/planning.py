"""Planning a runbook, and keeping the plan as a run."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from recovery_console.core import approval, verification
from recovery_console.core.action import Action, build
from recovery_console.core.action_registry import find_action
from recovery_console.core.approval import RefusedError
from recovery_console.core.edits.values import pack
from recovery_console.core.engine.base import Base
from recovery_console.core.errors import ConsoleError, NotApplicable, UsageError
from recovery_console.core.fold import step_as_dict
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.plan import Plan
from recovery_console.core.run import EntryKind, Run, RunState, StepRun
from recovery_console.core.runbook import Runbook, Step, StepKind
from recovery_console.core.runbook_file import values_for
from recovery_console.core.writable import WritableSite


class Planning(Base):
	"""Finds out what a runbook would do, and keeps it."""

	def plan(
		self, runbook: Runbook, given: Mapping[str, Any], actor: Actor, reason: str = ""
	) -> tuple[Run, list[Plan]]:
		"""Find out what a runbook would do. Nothing is changed and nothing is kept.

		Raises:
			UsageError: A parameter does not fit.
			SourceUnavailable: Something that must be read does not answer.
			ConsoleError: One of its actions makes no sense on this site.
		"""
		self._look_at_parameters(runbook, given)
		with self.open_site() as site:
			found = verification.look(site, runbook.checks_at_end)
			run = Run(
				id="",
				runbook=runbook.id,
				title=runbook.title,
				site=site.name,
				requested_by=actor.name,
				reason=reason,
				created=site.now(),
				parameters=self._kept(runbook, given),
				verify=runbook.checks_at_end,
				before=verification.as_found(found),
				otherwise=runbook.otherwise,
				steps=tuple(
					StepRun(step, None if step.late else self._planned(site, step, given))
					for step in runbook.steps
				),
			)
		return run, [plan for _number, plan in run.plans]

	def create(self, runbook: Runbook, given: Mapping[str, Any], actor: Actor, reason: str = "") -> Run:
		"""Plan a runbook and keep the plan as a run, to be approved and made.

		Raises:
			RefusedError: The actor may not ask for it, or repairs are switched off.
			ConsoleError: See ``plan``.
		"""
		if not (actor.has(OPERATOR) or actor.has(MANAGER)):
			raise RefusedError(
				f"{actor.name} may not run runbooks.", remedy=f"It takes the role {OPERATOR} or {MANAGER}."
			)
		self._look_at_switch(runbook.id)
		planned, _plans = self.plan(runbook, given, actor, reason)
		run_id = f"RC-RUN-{planned.created:%Y%m%d}-{secrets.token_hex(4).upper()}"
		data = {
			"runbook": planned.runbook,
			"title": planned.title,
			"site": planned.site,
			"reason": reason,
			"parameters": pack(planned.parameters),
			"verify": list(planned.verify),
			"before": planned.before,
			"otherwise": planned.otherwise,
			"steps": [step_as_dict(step.step) for step in planned.steps],
		}
		self._append(run_id, EntryKind.CREATED, data, actor.name)
		for number, plan in planned.plans:
			self._append(run_id, EntryKind.PLANNED, {"step": number, "plan": plan.as_dict()}, actor.name)
		run = self.journal.load(run_id)
		if approval.open_demand(run, self.actions, planned.created) is not None:
			self._state(run, RunState.AWAITING_APPROVAL, actor.name)
		return self.journal.load(run_id)

	def _look_at_parameters(self, runbook: Runbook, given: Mapping[str, Any]) -> None:
		names = {parameter.name for parameter in runbook.parameters}
		for name in given:
			if name not in names:
				raise UsageError(
					f"The runbook {runbook.id} has no parameter {str(name)[:80]!r}.",
					remedy=f"It has: {', '.join(sorted(names)) or 'none'}.",
				)
		missing = [
			parameter.name
			for parameter in runbook.parameters
			if parameter.required and given.get(parameter.name) in (None, "", [], ())
		]
		if missing:
			raise UsageError(
				f"The runbook {runbook.id} must be told: {', '.join(missing)}.",
				remedy="Give each with --param name=value, or in the form.",
			)

	@staticmethod
	def _kept(runbook: Runbook, given: Mapping[str, Any]) -> dict[str, Any]:
		secret = {parameter.name for parameter in runbook.parameters if parameter.secret}
		return {name: value for name, value in given.items() if name not in secret}

	def _planned(self, site: WritableSite, step: Step, given: Mapping[str, Any]) -> Plan | None:
		if step.kind is not StepKind.ACTION:
			return None
		kind = find_action(step.action, self.actions)
		self._look_at_needs(site, kind)
		try:
			return build(kind, values_for(step, given, kind)).plan(site)
		except NotApplicable as error:
			raise ConsoleError(
				f"{kind.title} makes no sense on this site: {error.reason}", remedy="Choose another runbook."
			) from error

	@staticmethod
	def _look_at_needs(site: WritableSite, kind: type[Action]) -> None:
		lacking = [doctype for doctype in kind.needs if not site.has_doctype(doctype)]
		if kind.needs_app and kind.needs_app not in site.installed_apps():
			lacking.append(f"the app {kind.needs_app}")
		if lacking:
			raise ConsoleError(
				f"{kind.title} makes no sense on this site: it does not have {', '.join(lacking)}.",
				remedy="Choose another runbook.",
			)
