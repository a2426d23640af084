"""A second bench's ports were corrected by hand."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(socketio_port=8000)


FAULT = Fault(
	title="Web server and socket server have the same port",
	breaks=breaks,
	check="config.addresses",
	severity="warning",
	subjects=(
		"webserver_port",
		"socketio_port",
	),
)
