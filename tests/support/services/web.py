"""A real web server on loopback that answers every request as a test wants."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support.services.http import HttpServer, QuietHandler
from tests.support.services.tls import certificate


class WebServer(HttpServer):
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
		super().__init__()
		self.status, self.text, self.headers, self.delay = status, text, dict(headers or {}), delay
		self.folder, self.days, self.name = folder, days, name
		self.asked: list[tuple[str, str]] = []

	def encryption(self) -> ssl.SSLContext | None:
		if self.days is None or self.folder is None:
			return None
		self.folder.mkdir(parents=True, exist_ok=True)
		path = self.folder / "web.pem"
		path.write_bytes(certificate(self.name, self.days))
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(path)
		return context

	def handler(self) -> type[QuietHandler]:
		web = self

		class Handler(QuietHandler):
			def do_GET(self) -> None:  # noqa: N802 (as http.server calls it)
				web.asked.append((self.headers["Host"], self.path))
				time.sleep(web.delay)
				self.answer(web.status, web.headers, web.text)

		return Handler
