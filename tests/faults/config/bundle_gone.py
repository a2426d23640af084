"""A build was cut short after it had removed the old files."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	(
		site.bench.folder / "sites" / "assets" / "erpnext" / "dist" / "js" / "erpnext.bundle.7FJ2K4QD.js"
	).unlink()


FAULT = Fault(
	title="A built script is gone",
	breaks=breaks,
	check="config.assets",
	severity="critical",
	subjects=("/assets/erpnext/dist/js/erpnext.bundle.7FJ2K4QD.js",),
)
