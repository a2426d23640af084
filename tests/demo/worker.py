"""A real RQ worker for the demonstration."""

from __future__ import annotations

import sys

from redis import Redis
from rq import Queue, Worker


def work(url: str, *names: str) -> None:
	"""Serve these queues until it is stopped or killed."""
	connection = Redis.from_url(url)
	Worker([Queue(name, connection=connection) for name in names], connection=connection).work(
		logging_level="ERROR"
	)


if __name__ == "__main__":
	work(*sys.argv[1:])
