"""A report in the format that was asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recovery_console.core.redact import redact
from recovery_console.core.render_text import report_as_text
from recovery_console.core.report import Report, finding_as_dict
from recovery_console.core.site import Site

if TYPE_CHECKING:
	from recovery_console.core.fleet import Fleet


def render(report: Report, form: str, site: Site, *, colour: bool) -> str:
	"""Return a report as ``text``, ``json`` or ``html``."""
	if form == "json":
		return report.to_json()
	findings = [redact(finding_as_dict(finding)) for finding in report.findings]
	if form == "html":
		from recovery_console.core.render_html import report_as_html  # loads Jinja, which only this needs
		from recovery_console.core.snapshot import history

		return report_as_html(report.as_dict(), findings, history(site))
	return report_as_text(report.as_dict(), findings, colour=colour)


def render_fleet(fleet: Fleet, form: str, *, colour: bool) -> str:
	"""Return a report over several sites as ``text``, ``json`` or ``html``."""
	if form == "json":
		return json.dumps(fleet.as_dict(), indent=1, ensure_ascii=False)
	from recovery_console.core.render_fleet import (  # which one site does not need
		fleet_as_html,
		fleet_as_text,
	)

	return fleet_as_html(fleet) if form == "html" else fleet_as_text(fleet, colour=colour)
