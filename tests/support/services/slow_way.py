"""A way to a server that is long: what comes back takes its time."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class SlowWay:
	"""Listens on a port of its own and passes everything on to a server, its answers late.

	Args:
		port: Where the server listens, on loopback.
		seconds: How much later each answer arrives.
	"""

	host = "127.0.0.1"

	def __init__(self, port: int, seconds: float) -> None:
		self.target = port
		self.seconds = seconds
		self._door = socket.create_server((self.host, 0))
		self.port: int = self._door.getsockname()[1]
		threading.Thread(target=self._serve, daemon=True).start()

	def close(self) -> None:
		"""Take no more connections; those that are open live on."""
		with contextlib.suppress(OSError):
			self._door.shutdown(socket.SHUT_RDWR)
		self._door.close()

	def _serve(self) -> None:
		with contextlib.suppress(OSError):
			while True:
				client, _address = self._door.accept()
				server = socket.create_connection((self.host, self.target))
				for one, other, wait in ((client, server, 0.0), (server, client, self.seconds)):
					one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
					threading.Thread(target=_pass_on, args=(one, other, wait), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket, wait: float) -> None:
	with contextlib.suppress(OSError):
		while data := one.recv(65536):
			time.sleep(wait)
			other.sendall(data)
	with contextlib.suppress(OSError):
		other.shutdown(socket.SHUT_WR)
