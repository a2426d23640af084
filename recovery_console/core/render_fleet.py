"""The report over all sites of a bench, as text and as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from recovery_console.core.finding import Status
from recovery_console.core.fleet import Diagnosed, Fleet
from recovery_console.core.redact import anonymise, redact_text

_WIDTH = 100
_MARGIN = " " * 11
_COLOURS = {"critical": "31;1", "unknown": "35", "warning": "33", "info": "36", "ok": "32", "skipped": "2"}
#: So many problems of a site are shown; its own report has them all.
_MOST_OF_A_SITE = 5


def fleet_as_text(fleet: Fleet, *, colour: bool) -> str:
	"""Write the report over all sites for a terminal."""
	status = fleet.status.value
	lines = [f"{_paint(status.upper(), status, colour)}  {_summary(fleet)}", ""]
	if fleet.shared:
		lines.append("Shared causes:")
	for cause in fleet.shared:
		severity = cause.finding["severity"]
		mark = _paint(severity.upper().ljust(9), severity, colour)
		lines += _wrapped(f"{cause.ground}: {cause.finding['title']}", f"{mark}  ", len(_MARGIN))
		lines += _detail(f"Hits {len(cause.sites)} of {len(fleet.sites)} sites: {', '.join(cause.sites)}")
		lines += _detail(f"Why: {cause.finding['cause']}") if cause.finding["cause"] else []
		lines += _detail(f"Do: {cause.finding['remedy']}") if cause.finding["remedy"] else []
		lines += _detail(f"[{cause.finding['fingerprint']}]")
		lines.append("")
	names = max((len(site.site) for site in fleet.sites), default=0)
	for site in sorted(fleet.sites, key=lambda site: (-site.status.rank, site.site)):
		lines += _site(fleet, site, names, colour)
	took = f"{fleet.duration.total_seconds():.1f} s"
	lines += [
		"",
		f"{len(fleet.sites)} sites in {took}, {fleet.started:%Y-%m-%d %H:%M} UTC. Nothing was changed.",
	]
	return "\n".join(lines)


def _summary(fleet: Fleet) -> str:
	counts = {status: sum(site.status is status for site in fleet.sites) for status in Status}
	parts = [
		f"{number} {status.value}"
		for status, number in sorted(counts.items(), key=lambda item: -item[0].rank)
		if number
	]
	sites = "1 site" if len(fleet.sites) == 1 else f"{len(fleet.sites)} sites"
	return f"{sites} of {fleet.bench}: {', '.join(parts)}" if parts else f"{fleet.bench} has no site."


def _site(fleet: Fleet, site: Diagnosed, names: int, colour: bool) -> list[str]:
	status = site.status.value
	head = f"{_paint(status.ljust(9), status, colour)}  {site.site:<{names}}"
	if site.failed:
		return [head, *_detail(f"It could not be diagnosed: {redact_text(site.failed)}")]
	own, explained = fleet.own(site)
	lines = [f"{head}  {_in_short(site, len(own), explained)}"]
	for finding in own[:_MOST_OF_A_SITE]:
		lines += _detail(f"{finding['severity'].upper()}: {redact_text(finding['title'])}")
	if len(own) > _MOST_OF_A_SITE:
		lines += _detail(
			f"and {len(own) - _MOST_OF_A_SITE} more: recovery-console --site {site.site} diagnose"
		)
	return lines


def _in_short(site: Diagnosed, own: int, explained: int) -> str:
	parts = [
		f"{own} problem{'' if own == 1 else 's'} of its own" if own else "",
		f"{explained} shared, or explained by others" if explained else "",
		f"{len(site.unknown)} check{'' if len(site.unknown) == 1 else 's'} could not look"
		if site.unknown
		else "",
	]
	return "; ".join(part for part in parts if part) or "All is well"


def _detail(text: str) -> list[str]:
	return _wrapped(text, _MARGIN, len(_MARGIN) + 2)


def _wrapped(text: str, start: str, indent: int) -> list[str]:
	lines = textwrap.wrap(text, _WIDTH - indent, break_on_hyphens=False, break_long_words=False)
	return [start + lines[0], *[" " * indent + line for line in lines[1:]]] if lines else [start]


def _paint(text: str, status: str, colour: bool) -> str:
	return f"\033[{_COLOURS[status]}m{text}\033[0m" if colour else text


def fleet_as_html(fleet: Fleet) -> str:
	"""Write the report over all sites as a page. It may leave the bench: e-mail addresses lose their local part."""
	from recovery_console.core.render_html import template

	page: str = template("fleet.html").render(
		status=fleet.status.value,
		summary=_summary(fleet),
		bench=fleet.bench,
		started=f"{fleet.started:%Y-%m-%d %H:%M} UTC",
		seconds=f"{fleet.duration.total_seconds():.1f}",
		shared=[
			{"ground": cause.ground, "sites": cause.sites, "finding": anonymise(dict(cause.finding))}
			for cause in fleet.shared
		],
		sites=[
			_shown(fleet, site)
			for site in sorted(fleet.sites, key=lambda site: (-site.status.rank, site.site))
		],
	)
	return page


def _shown(fleet: Fleet, site: Diagnosed) -> Mapping[str, Any]:
	own, explained = fleet.own(site)
	return {
		"name": site.site,
		"status": site.status.value,
		"failed": redact_text(site.failed),
		"in_short": "" if site.failed else _in_short(site, len(own), explained),
		"own": [anonymise(dict(finding)) for finding in own],
	}
