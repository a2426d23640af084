"""Somebody changed what a run's journal says, and took an entry out of another one."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for name in ("RC-RUN-CHANGED", "RC-RUN-CUT", "RC-RUN-WHOLE"):
		console.run(name)
	console.data.update(
		"Runbook Run Entry", {"run": "RC-RUN-CHANGED", "number": 2}, actor="mallory@example.org"
	)
	console.data.delete("Runbook Run Entry", {"run": "RC-RUN-CUT", "number": 2})


FAULT = Fault(
	title="Journals of runs were changed in the database",
	breaks=breaks,
	check="console.journal_chain",
	severity="critical",
	count=2,
	subjects=("RC-RUN-CHANGED", "RC-RUN-CUT"),
)
