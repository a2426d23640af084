"""A real HTTP server on loopback that takes what is posted to it, and answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Answer:
	"""What the server says to one call. `hang`: it takes the call and says nothing until it is stopped."""

	status: int = 200
	headers: Mapping[str, str] = field(default_factory=dict)
	text: str = "taken"
	hang: bool = False


@dataclass(frozen=True)
class Call:
	"""What came."""

	path: str
	headers: Mapping[str, str]
	body: bytes


class Receiver:
	"""Gives its `answers` one after the other, and the last one ever after.

	Attributes:
		calls: What came, in order.
	"""

	def __init__(self, *answers: Answer) -> None:
		self.answers: Sequence[Answer] = answers or (Answer(),)
		self.calls: list[Call] = []
		self.came = threading.Condition()
		self._stopped = threading.Event()
		self._server: ThreadingHTTPServer | None = None

	@property
	def url(self) -> str:
		"""Where it listens."""
		assert self._server is not None
		return f"http://127.0.0.1:{self._server.server_address[1]}"

	def wait(self, calls: int, seconds: float = 30) -> None:
		"""Wait until so many calls have come."""
		with self.came:
			assert self.came.wait_for(lambda: len(self.calls) >= calls, seconds), (
				f"{len(self.calls)} of {calls} calls came"
			)

	def start(self, port: int = 0) -> Receiver:
		self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
		self._server.daemon_threads = True
		threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
		return self

	def stop(self) -> None:
		self._stopped.set()
		if self._server is not None:
			self._server.shutdown()
			self._server.server_close()
			self._server = None

	def __enter__(self) -> Receiver:
		return self.start()

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()

	def _take(self, call: Call) -> Answer:
		with self.came:
			self.calls.append(call)
			self.came.notify_all()
			return self.answers[min(len(self.calls), len(self.answers)) - 1]

	def _handler(self) -> type[BaseHTTPRequestHandler]:
		receiver = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self) -> None:
				body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
				answer = receiver._take(Call(self.path, dict(self.headers.items()), body))
				if answer.hang:
					receiver._stopped.wait(60)
					self.close_connection = True
					return
				text = answer.text.encode()
				self.send_response(answer.status)
				for name, value in {"Content-Length": str(len(text)), **answer.headers}.items():
					self.send_header(name, value)
				self.end_headers()
				self.wfile.write(text)

			do_GET = do_POST  # noqa: N815 (a redirect that was followed would come as one)

			def log_message(self, *_: object) -> None:
				"""Say nothing."""

			def handle(self) -> None:
				try:
					super().handle()
				except OSError:
					self.close_connection = True

		return Handler
