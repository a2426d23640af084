"""What the HTTP servers on loopback have in common: listening, ending, and answering without a word to the terminal."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from typing_extensions import Self


class QuietHandler(BaseHTTPRequestHandler):
	"""Logs nothing, and does not mind who hangs up."""

	def answer(self, status: int, headers: Mapping[str, str], text: str) -> None:
		"""Send a whole answer."""
		body = text.encode()
		self.send_response(status)
		for name, value in {"Content-Length": str(len(body)), **headers}.items():
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


class HttpServer:
	"""Listens on loopback from ``start`` to ``stop``, or within ``with``."""

	def __init__(self) -> None:
		self._server: ThreadingHTTPServer | None = None

	@property
	def port(self) -> int:
		"""Where it listens."""
		assert self._server is not None
		return int(self._server.server_address[1])

	def handler(self) -> type[BaseHTTPRequestHandler]:
		"""Return what answers each request."""
		raise NotImplementedError

	def encryption(self) -> ssl.SSLContext | None:
		"""Return how it encrypts; None where it does not."""
		return None

	def start(self, port: int = 0) -> Self:
		"""Listen, on a free port of 127.0.0.1 where none is given."""
		self._server = ThreadingHTTPServer(("127.0.0.1", port), self.handler())
		self._server.daemon_threads = True
		context = self.encryption()
		if context is not None:
			self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
		threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
		return self

	def stop(self) -> None:
		"""Stop listening."""
		if self._server is not None:
			self._server.shutdown()
			self._server.server_close()
			self._server = None

	def __enter__(self) -> Self:
		return self.start()

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()
