"""An import did nothing because of warnings about its file; a mere hint does not count."""

import json

from tests.faults import Fault
from tests.faults.imports._imports import add_import
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	warnings = [
		{"row": 4, "col": 2, "message": "Value <b>X</b> must in <b>dd-mm-yyyy</b> format"},
		{"col": 3, "message": "Column <b>Foo</b> does not exist", "type": "info"},
	]
	add_import(site, "contacts", total=10, template_warnings=json.dumps(warnings))
	add_import(site, "hint", total=10, done=10, status="Success", template_warnings=json.dumps(warnings[1:]))


FAULT = Fault(
	title="Warnings hold an import up",
	breaks=breaks,
	check="imports.template_warnings",
	severity="warning",
	subjects=("contacts",),
	runbook="clear-import-warnings",
)
