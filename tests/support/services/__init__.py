"""Private servers for tests: started in a folder of their own, stopped with it, never one that already runs."""

from __future__ import annotations

from tests.support.services.process import ServiceError, free_port, missing
from tests.support.services.redis_server import Redis

__all__ = ["Redis", "ServiceError", "free_port", "missing"]
