"""An app's folder was deleted while the site still has the app installed."""

import shutil

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	shutil.rmtree(site.bench.folder / "apps" / "verenigingen")
	site.bench.folder.joinpath("sites", "apps.txt").write_text("frappe\nerpnext\n")


FAULT = Fault(
	title="An installed app is not on the bench any more",
	breaks=breaks,
	check="config.apps_installed",
	severity="critical",
	subjects=("verenigingen",),
	runbook="start-without-app",
	given={"app": "verenigingen"},
)
