"""An update stopped in a merge conflict."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	git = site.bench.folder / "apps" / "erpnext" / ".git"
	git.mkdir()
	branch = site.value("Installed Application", {"app_name": "erpnext"}, "git_branch")
	(git / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
	(git / "MERGE_HEAD").write_text("c" * 40)


FAULT = Fault(
	title="An app is half-way through a merge",
	breaks=breaks,
	check="config.app_branches",
	severity="warning",
	subjects=("erpnext",),
)
