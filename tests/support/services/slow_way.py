"""A way to a server that is long: what comes back takes its time."""

from __future__ import annotations

import contextlib
import select
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
				threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

	def _pass_on(self, client: socket.socket) -> None:
		with (
			contextlib.suppress(OSError),
			client,
			socket.create_connection((self.host, self.target)) as server,
		):
			for end in (client, server):
				end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
			while True:
				for end in select.select([client, server], [], [])[0]:
					data = end.recv(65536)
					if not data:
						return
					time.sleep(self.seconds if end is server else 0)
					(client if end is server else server).sendall(data)
