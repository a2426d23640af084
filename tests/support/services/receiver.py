"""A real HTTP server on loopback that takes what is posted to it, and answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.support.services.http import HttpServer, QuietHandler


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


class Receiver(HttpServer):
	"""Gives its `answers` one after the other, and the last one ever after.

	Attributes:
		calls: What came, in order.
	"""

	def __init__(self, *answers: Answer) -> None:
		super().__init__()
		self.answers: Sequence[Answer] = answers or (Answer(),)
		self.calls: list[Call] = []
		self.came = threading.Condition()
		self._stopped = threading.Event()

	@property
	def url(self) -> str:
		"""Where it listens."""
		return f"http://127.0.0.1:{self.port}"

	def wait(self, calls: int, seconds: float = 30) -> None:
		"""Wait until so many calls have come."""
		with self.came:
			assert self.came.wait_for(lambda: len(self.calls) >= calls, seconds), (
				f"{len(self.calls)} of {calls} calls came"
			)

	def stop(self) -> None:
		self._stopped.set()
		super().stop()

	def _take(self, call: Call) -> Answer:
		with self.came:
			self.calls.append(call)
			self.came.notify_all()
			return self.answers[min(len(self.calls), len(self.answers)) - 1]

	def handler(self) -> type[QuietHandler]:
		receiver = self

		class Handler(QuietHandler):
			def do_POST(self) -> None:  # noqa: N802 (as http.server calls it)
				body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
				answer = receiver._take(Call(self.path, dict(self.headers.items()), body))
				if answer.hang:
					receiver._stopped.wait(60)
					self.close_connection = True
					return
				self.answer(answer.status, answer.headers, answer.text)

			do_GET = do_POST  # noqa: N815 (a redirect that was followed would come as one)

		return Handler
