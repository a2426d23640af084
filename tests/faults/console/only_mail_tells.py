"""Incidents are told by mail, and by nothing else when mail is what is broken."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.data.delete("Recovery Channel")
	console.data.insert("Recovery Channel", name="Ops", kind="E-mail", enabled=1)
	console.data.insert("Recovery Channel", name="Old Chat", kind="Slack", enabled=0)


FAULT = Fault(
	title="Mail is the only channel of notices",
	breaks=breaks,
	check="console.channels",
	severity="info",
	subjects=("Ops",),
)
