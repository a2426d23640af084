"""How often somebody may ask within a time, counted in this process: it works while Redis does not."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

#: So many askers are remembered. When there are more, all of them begin anew: the memory is bounded, whoever asks.
MOST_ASKERS = 5000


class Allowance:
	"""Counts questions per asker in windows of time.

	Args:
		most: So many are allowed per window.
		window: How long a window is.
	"""

	def __init__(self, most: int, window: timedelta) -> None:
		self.most = most
		self.window = window
		self._counts: dict[str, int] = {}
		self._begun: datetime | None = None
		self._lock = threading.Lock()

	def allows(self, asker: str, now: datetime) -> bool:
		"""Count a question and tell whether it may be answered.

		Args:
			asker: Who asks, such as an address.
			now: The present moment, aware.
		"""
		with self._lock:
			over = self._begun is None or not self._begun <= now < self._begun + self.window
			if over or (len(self._counts) >= MOST_ASKERS and asker not in self._counts):
				self._counts.clear()
				self._begun = now
			self._counts[asker] = self._counts.get(asker, 0) + 1
			return self._counts[asker] <= self.most
