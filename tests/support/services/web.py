"""A real web server on loopback that answers every request as a test wants."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from tests.support.services.tls import certificate


class WebServer:
	"""Answers with a status, headers and a text, after a while if told so; with TLS when it has days.

	Attributes:
		asked: The names of the sites that were asked for, and the paths.
	"""

	def __init__(
		self,
		*,
		status: int = 200,
		text: str = "",
		headers: Mapping[str, str] | None = None,
		delay: float = 0,
		folder: Path | None = None,
		days: float | None = None,
		name: str = "localhost",
	) -> None:
		self.status, self.text, self.headers, self.delay = status, text, dict(headers or {}), delay
		self.folder, self.days, self.name = folder, days, name
		self.asked: list[tuple[str, str]] = []
		self._server: ThreadingHTTPServer | None = None

	@property
	def port(self) -> int:
		"""Where it listens."""
		assert self._server is not None
		return int(self._server.server_address[1])

	def start(self) -> WebServer:
		"""Listen on a free port of 127.0.0.1."""
		self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
		self._server.daemon_threads = True
		if self.days is not None and self.folder is not None:
			self.folder.mkdir(parents=True, exist_ok=True)
			path = self.folder / "web.pem"
			path.write_bytes(certificate(self.name, self.days))
			context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
			context.load_cert_chain(path)
			self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
		threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
		return self

	def stop(self) -> None:
		"""Stop listening."""
		if self._server is not None:
			self._server.shutdown()
			self._server.server_close()
			self._server = None

	def __enter__(self) -> WebServer:
		return self.start()

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()

	def _handler(self) -> type[BaseHTTPRequestHandler]:
		web = self

		class Handler(BaseHTTPRequestHandler):
			def do_GET(self) -> None:
				web.asked.append((self.headers["Host"], self.path))
				time.sleep(web.delay)
				body = web.text.encode()
				self.send_response(web.status)
				for name, value in {"Content-Length": str(len(body)), **web.headers}.items():
					self.send_header(name, value)
				self.end_headers()
				self.wfile.write(body)

			def log_message(self, *_: object) -> None:
				"""Say nothing."""

			def handle(self) -> None:
				try:
					super().handle()
				except OSError:
					self.close_connection = True

		return Handler
