"""A Print Format lost the end of its loop."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, kind, disabled in (("Invoice A4", "Jinja", 0), ("By Script", "JS", 0), ("Old", "Jinja", 1)):
		site.insert(
			"Print Format",
			name=name,
			doc_type="User",
			standard="No",
			custom_format=1,
			disabled=disabled,
			print_format_type=kind,
			html="{% for row in doc.items %}<tr>{{ row.item_code }}</tr>",
		)


FAULT = Fault(
	title="A Print Format lost the end of its loop",
	breaks=breaks,
	check="email.templates",
	severity="warning",
	count=1,
	subjects=("Invoice A4",),
)
