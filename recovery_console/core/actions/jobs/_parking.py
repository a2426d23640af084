"""Where jobs of a site wait that are held back from the workers."""

from __future__ import annotations

from collections.abc import Sequence

from recovery_console.core.action import batch
from recovery_console.core.actions.jobs._moves import out_of_list, queue_key
from recovery_console.core.edits import ListEdit
from recovery_console.core.plan import Batch
from recovery_console.core.site import Site


def moved(site: Site, queue: str, ids: Sequence[str], there: Sequence[str], *, back: bool) -> list[Batch]:
	"""Return one batch per job that takes it from the queue to where it is held back, or from there back."""
	keys = (queue_key(site, queue), site.queue.parked_key(queue))
	source, target = reversed(keys) if back else keys
	out = out_of_list(source, there, ids)
	return [
		batch(
			"RQ Job",
			job_id,
			edit,
			ListEdit("queue", target, job_id.encode(), before=False, after=True),
			why=queue,
		)
		for job_id, edit in out.items()
	]
