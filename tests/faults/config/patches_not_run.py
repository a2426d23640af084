"""The apps were updated, and the site was not migrated."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	patches = site.bench.folder / "apps" / "erpnext" / "erpnext" / "patches.txt"
	patches.write_text(
		"[pre_model_sync]\n# old\nfrappe.patches.v15_0.remove_event_streaming\n"
		"[post_model_sync]\nerpnext.patches.v15_0.first\n"
		"erpnext.patches.v15_0.again #2026-11-01\nfinally:erpnext.patches.v15_0.last\n"
	)
	site.insert("Patch Log", patch="erpnext.patches.v15_0.again")


FAULT = Fault(
	title="Patches of an installed app were not run",
	breaks=breaks,
	check="config.patches_pending",
	severity="warning",
	count=3,
	subjects=(
		"erpnext.patches.v15_0.first",
		"erpnext.patches.v15_0.again #2026-11-01",
		"erpnext.patches.v15_0.last",
	),
)
