"""Private servers for tests: started in a folder of their own, stopped with it, never one that already runs."""

from __future__ import annotations

from tests.support.services.mariadb import MariaDB
from tests.support.services.postgres import Postgres
from tests.support.services.process import ServiceError, free_port, missing
from tests.support.services.redis_server import Redis
from tests.support.services.smtp import SmtpServer
from tests.support.services.tls import TlsServer
from tests.support.services.web import WebServer

__all__ = [
	"MariaDB",
	"Postgres",
	"Redis",
	"ServiceError",
	"SmtpServer",
	"TlsServer",
	"WebServer",
	"free_port",
	"missing",
]
