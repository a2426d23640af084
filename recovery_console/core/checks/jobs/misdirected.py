"""Do jobs of this site wait in queues of another bench?"""

from __future__ import annotations

from recovery_console.core.backends.queues import of_site
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: So many queues of other benches are looked at, and so many jobs at the head of each.
MOST_QUEUES = 100
HEAD = 500


@dataclass(frozen=True)
class Misdirected(Check):
	"""Do jobs of this site wait under the name of another bench, where no worker takes them?

	Cost: up to 500 ids for each queue of other benches on the same Redis, 100 queues at most.
	"""

	title = _("Jobs in another bench's queues")
	explained_by = ("jobs.redis",)

	def run(self, site: Site) -> Answer:
		prefix = f"{site.queue.bench_id}:"
		foreign = [name for name in site.queue.all_names() if not name.startswith(prefix)][:MOST_QUEUES]
		lost = {
			name: ids
			for name in foreign
			if (ids := of_site(site.queue.first_ids(name, HEAD), site.name))
			# where workers listen, it is another bench with a site of the same name
			and not site.queue.registered(name)[0]
		}
		yield self.measure(misdirected=sum(len(ids) for ids in lost.values()))
		if not lost:
			return
		others = sorted({name.rpartition(":")[0] for name in lost})
		yield self.warning(
			_("Jobs of this site that wait where no worker looks: {count}."),
			cause=_(
				"They stand in queues of the bench name {others}, while the workers of this bench listen to {bench_id}."
				" The name comes from bench_id in common_site_config.json, else from the bench's path: the bench was"
				" moved, or part of its processes reach it through another path (a symbolic link, FRAPPE_BENCH_ROOT)."
			),
			remedy=_(
				"Set bench_id to {bench_id} in common_site_config.json, so that every process uses the same name, and"
				" restart all of them with `bench restart`. To have the waiting jobs done, set it to {first} instead."
			),
			subjects=[("RQ Job", job_id) for ids in lost.values() for job_id in ids],
			others=", ".join(others),
			first=others[0],
			bench_id=site.queue.bench_id,
			queues={name: len(ids) for name, ids in lost.items()},
		)
