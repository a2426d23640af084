"""A migration ran with --skip-failing."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for patch in ("erpnext.patches.v15_0.totals", "erpnext.patches.v15_0.mended"):
		site.insert(
			"Patch Log", patch=patch, skipped=1, traceback="ValueError: no", modified=site.days_ago(3)
		)
	site.insert("Patch Log", patch="erpnext.patches.v15_0.mended", skipped=0)


FAULT = Fault(
	title="A patch failed and was passed over",
	breaks=breaks,
	check="config.patches_failed",
	severity="warning",
	subjects=("erpnext.patches.v15_0.totals",),
)
