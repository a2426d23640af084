"""An update stopped in a conflict, and left its marks in hooks.py."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	hooks = site.bench.folder / "apps" / "erpnext" / "erpnext" / "hooks.py"
	hooks.write_text('app_name = "erpnext"\n<<<<<<< HEAD\napp_title = "ERPNext"\n=======\n')


FAULT = Fault(
	title="An app's hooks.py is not valid Python",
	breaks=breaks,
	check="config.hooks",
	severity="critical",
	subjects=("erpnext",),
)
