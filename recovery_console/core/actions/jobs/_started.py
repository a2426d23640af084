"""The started jobs as RQ lists them."""

from __future__ import annotations

from recovery_console.core.actions.jobs._failed import scores
from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.rq_records import read_entry
from recovery_console.core.site import Site


def wip_members(site: Site, queue: str) -> dict[str, tuple[bytes, float]]:
	"""Return, by id, how RQ lists each started job of this site: its member, with RQ 2's run behind it, and score."""
	found = scores(site, f"rq:wip:{site.queue.key_name(queue)}")
	entries = {read_entry(member, score, "started").id: (member.encode(), score) for member, score in found}
	return {job_id: entry for job_id, entry in entries.items() if belongs_to(job_id, site.name)}
