"""An app was pulled, and the site was not migrated."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	package = site.bench.folder / "apps" / "erpnext" / "erpnext" / "__init__.py"
	package.write_text('__version__ = "15.70.0"\n')


FAULT = Fault(
	title="An app's code is newer than the database",
	breaks=breaks,
	check="config.app_versions",
	severity="warning",
	subjects=("erpnext",),
)
