"""Are the workers of this bench alive?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.jobs._workers import Muster, limit, muster, silence
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Workers(Check):
	"""Does any worker of this bench live, and did one that is registered fall silent?

	Cost: one hash per worker, and the list of connections.
	"""

	title = _("Background workers")
	explained_by = ("jobs.redis", "host.memory")

	def run(self, site: Site) -> Answer:
		found = muster(site)
		vanished = sum(site.queue.registered(site.queue.key_name(queue))[1] for queue in site.queue.limits)
		yield self.measure(alive=len(found.alive), silent=len(found.silent))
		if site.queue.suspended():
			yield self._suspended(site, len(found.alive))
		if not found.alive:
			yield self._none(site, found, vanished)
		elif found.silent:
			yield self._silent(site, found)

	def _none(self, site: Site, found: Muster, vanished: int) -> Finding:
		benches = {
			name.rpartition(":")[0] for worker in site.queue.all_workers() for name in worker.all_queues
		}
		elsewhere = sorted(benches - {site.queue.bench_id})
		waiting = sum(site.queue.length(queue) for queue in site.queue.names())
		return self.critical(
			_("No background worker is running."),
			cause=_(
				"Nobody takes jobs from the queues of this bench, so mails, imports, reports and everything that the"
				" scheduler starts stand still. Jobs waiting: {waiting}. Workers that went without saying goodbye:"
				" {gone}."
			),
			remedy=_(
				"Start them: `bench restart` where supervisor or systemd keeps them, `bench start` on a development"
				" bench. If they end again at once, {log} says why."
			)
			if not elsewhere
			else _(
				"Start them: `bench restart`, or `bench start` on a development bench. Should the workers that are"
				" registered on this Redis as {elsewhere} be this bench's own, then they reach it by another path: set"
				" bench_id in common_site_config.json and restart everything."
			),
			subjects=[("Bench", site.queue.bench_id)],
			waiting=waiting,
			gone=len(found.silent) + vanished,
			bench_id=site.queue.bench_id,
			elsewhere=", ".join(elsewhere),
			address=site.queue.redis.address,
			log=str(site.bench / "logs" / "worker.error.log"),
		)

	def _silent(self, site: Site, found: Muster) -> Finding:
		ages = [age for worker in found.silent if (age := silence(site, worker)) is not None]
		return self.warning(
			_("Workers that no longer report: {count}."),
			cause=_(
				"They were killed, lost their machine or hang; the longest has been silent for {silent_for}. An idle"
				" worker reports every 7 minutes, a busy one every 30 seconds. Workers still alive: {alive}."
			),
			remedy=_(
				"See whether the kernel killed them for lack of memory (`dmesg`), then start them again with"
				" `bench restart`. Their last jobs are named in the finding about abandoned jobs."
			),
			subject="silent",
			subjects=[("RQ Worker", worker.name) for worker in found.silent],
			silent_for=in_words(max(ages)) if ages else _("an unknown time"),
			limits_s=sorted({limit(worker).total_seconds() for worker in found.silent}),
			alive=len(found.alive),
			hosts=sorted({worker.host for worker in found.silent}),
		)

	def _suspended(self, site: Site, alive: int) -> Finding:
		return self.critical(
			_("All workers are suspended: they live but take no jobs."),
			cause=_(
				"Somebody ran `rq suspend` on this Redis. It holds for every bench on it. Workers alive: {alive}."
			),
			remedy=_("Let them work again: `env/bin/rq resume --url redis://{address}` in the bench folder."),
			subject="suspended",
			subjects=[("Redis", "queue")],
			alive=alive,
			address=site.queue.redis.address,
		)
