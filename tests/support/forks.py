"""Things done at once in processes of their own."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable


def children(*works: Callable[[], object]) -> list[int]:
	"""Do things in processes of their own at once; their exit statuses."""
	pids = []
	for work in works:
		pid = os.fork()
		if pid == 0:
			try:
				work()
				os._exit(0)
			except BaseException:  # noqa: BLE001 (a child ends here, whatever happens)
				traceback.print_exc(file=sys.__stderr__)
				os._exit(1)
		pids.append(pid)
	return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
