"""An update removed functions that another app's hooks still name."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	hooks = site.bench.folder / "apps" / "verenigingen" / "verenigingen" / "hooks.py"
	hooks.write_text(
		'app_name = "verenigingen"\n'
		'doc_events = {"Sales Invoice": {"validate": ["verenigingen.events.validate", "erpnext.gone.submit"]}}\n'
		'has_permission = {"Member": "verenigingen.events.may_read"}\n'
	)
	(hooks.parent / "events.py").write_text("def validate(doc, method):\n\tpass\n")


FAULT = Fault(
	title="Hooks name functions that are gone",
	breaks=breaks,
	check="config.hooks",
	severity="warning",
	count=2,
	subjects=(
		"erpnext.gone.submit",
		"verenigingen.events.may_read",
	),
)
