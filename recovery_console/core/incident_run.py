"""What a run does to the incidents of its findings. Pure functions."""

from __future__ import annotations

from datetime import datetime

from recovery_console.core.finding import _
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.people import SCHEDULER
from recovery_console.core.record import dataclass
from recovery_console.core.run import ENDED, Run, RunState

#: States in which nobody has agreed to anything yet: a plan that somebody looked at is no work on the problem.
_NOT_BEGUN = frozenset({RunState.PLANNED, RunState.AWAITING_APPROVAL, RunState.ABANDONED})
_OPEN_BEFORE_REPAIR = frozenset(
	{
		IncidentStatus.DETECTED,
		IncidentStatus.REOPENED,
		IncidentStatus.ACKNOWLEDGED,
		IncidentStatus.INVESTIGATING,
	}
)


@dataclass(frozen=True)
class Effect:
	"""What becomes of an incident.

	Args:
		status: Its new status; the one it has where nothing changes.
		detail: What its timeline says of the run; empty where there is nothing to say.
	"""

	status: IncidentStatus
	detail: str = ""


def found_before(run: Run) -> set[str]:
	"""Return the fingerprints of the findings for which a run was made."""
	return {name for check in run.before.values() for name in check["findings"]}


def concerns(run: Run, first_seen: datetime | None, resolved: datetime | None) -> bool:
	"""Tell whether an incident was open while a run was made: an older run says nothing about a newer incident.

	Args:
		run: The run.
		first_seen: When the incident was first seen.
		resolved: When it was resolved; None while it is open.
	"""
	begun_in_time = first_seen is None or first_seen <= (run.last or run.created)
	return begun_in_time and (resolved is None or resolved >= run.created)


def effect(status: IncidentStatus, run: Run) -> Effect:
	"""Work out what a run does to an incident.

	A person's run acknowledges it as soon as it has begun. One that succeeded, after which its checks found nothing more,
	mitigates it: two good looks later it is resolved. One that was taken back, or did not help, leaves it under
	investigation where somebody is at it.
	"""
	if not run.planned or not status.is_open:
		return Effect(status, _said(run) if run.planned else "")
	if run.state is RunState.SUCCEEDED and not run.left:
		return Effect(IncidentStatus.MITIGATED if status in _OPEN_BEFORE_REPAIR else status, _said(run))
	if run.state is RunState.UNDONE:
		again = status is IncidentStatus.MITIGATED
		return Effect(IncidentStatus.INVESTIGATING if again else status, _said(run))
	begun = run.state not in _NOT_BEGUN and run.requested_by != SCHEDULER.name
	return Effect(IncidentStatus.ACKNOWLEDGED if begun and status.waits else status, _said(run))


def _said(run: Run) -> str:
	if run.state in ENDED:
		return f"{run.id}: {run.state.value}. {run.title}. {run.said}".strip()
	if run.state in _NOT_BEGUN:
		return ""
	return _("{run} has begun: {title}.").format(run=run.id, title=run.title)
