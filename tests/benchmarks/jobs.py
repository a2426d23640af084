"""Fills a queue with many jobs, inside Redis: copies of one that was written as RQ writes it."""

from __future__ import annotations

from tests.support.sample import SampleSite

_COPY = """
for number = 1, tonumber(ARGV[1]) do
	local id = ARGV[2] .. number
	redis.call('COPY', KEYS[1], 'rq:job:' .. id)
	if ARGV[3] == 'failed' then
		redis.call('COPY', KEYS[3], 'rq:results:' .. id)
		redis.call('ZADD', KEYS[2], ARGV[4], id)
	else
		redis.call('RPUSH', KEYS[2], id)
	end
end
"""


def fill(site: SampleSite, queued: int, failed: int) -> None:
	"""Put so many waiting and failed jobs into the queue ``long``, all of the last hour."""
	waiting = site.add_job("long", method="erpnext.work.dues")
	broken = site.add_job("long", method="erpnext.work.dues", status="failed", enqueued_at=site.hours_ago(1))
	key = site.queue_key("long")
	copy = site.queue.register_script(_COPY)
	copy(
		keys=[f"rq:job:{waiting}", f"rq:queue:{key}", ""],
		args=[queued - 1, site.job_id("copy-q-"), "queued", 0],
	)
	score = site.queue.zscore(f"rq:failed:{key}", broken)
	copy(
		keys=[f"rq:job:{broken}", f"rq:failed:{key}", f"rq:results:{broken}"],
		args=[failed - 1, site.job_id("copy-f-"), "failed", int(score or 0)],
	)
