"""Somebody switched the channel off that told of incidents; the one for broken mail tells of nothing else."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	console.data.delete("Recovery Channel")
	console.data.insert("Recovery Channel", name="On Call", kind="Telegram", enabled=0)
	console.data.insert("Recovery Channel", name="When Mail Breaks", kind="Slack", enabled=1, is_fallback=1)


FAULT = Fault(
	title="Every channel of notices is switched off",
	breaks=breaks,
	check="console.channels",
	severity="warning",
	count=2,
	subjects=("On Call", "When Mail Breaks"),
)
