"""An app was updated only in part: its hook for every request names nothing."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	hooks = site.bench.folder / "apps" / "verenigingen" / "verenigingen" / "hooks.py"
	hooks.write_text('app_name = "verenigingen"\nbefore_request = ["verenigingen.web.begin"]\n')


FAULT = Fault(
	title="A hook that runs at every request is dead",
	breaks=breaks,
	check="config.hooks",
	severity="critical",
	subjects=("verenigingen.web.begin",),
)
