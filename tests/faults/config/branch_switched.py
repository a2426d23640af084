"""Somebody tried another branch and forgot to switch back."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	git = site.bench.folder / "apps" / "erpnext" / ".git"
	git.mkdir()
	(git / "HEAD").write_text("ref: refs/heads/feature-x\n")


FAULT = Fault(
	title="An app is on another branch than at the last migration",
	breaks=breaks,
	check="config.app_branches",
	severity="info",
	subjects=("erpnext",),
)
