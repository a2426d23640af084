"""A development branch was pulled, and the site was not migrated."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	git = site.bench.folder / "apps" / "frappe" / ".git"
	git.mkdir()
	branch = "version-15" if site.frappe == 15 else "develop"
	(git / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
	(git / "packed-refs").write_text(f"# pack-refs\n{'b' * 40} refs/heads/{branch}\n")
	site.update("Installed Application", {"app_name": "frappe"}, app_version="15.x.x-develop (aaaaaaa)")


FAULT = Fault(
	title="The commit on disk is not the one that the site was migrated to",
	breaks=breaks,
	check="config.app_versions",
	severity="warning",
	subjects=("frappe",),
)
