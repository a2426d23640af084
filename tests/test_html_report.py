"""The HTML report, opened in a real Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from recovery_console.core.finding import Status
from recovery_console.core.redact import redact
from recovery_console.core.render_html import report_as_html
from recovery_console.core.report import Report, finding_as_dict
from recovery_console.core.snapshot import Past
from tests.conftest import look_at
from tests.faults import all_faults
from tests.support.sample import SampleSite

EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
FLAGS = (
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
	chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
	if not chromium or not driver:
		pytest.skip("NOT TESTED IN A BROWSER: install chromium and chromium-driver")
	options = Options()
	options.binary_location = chromium
	for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
		options.add_argument(flag)
	options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
	opened = webdriver.Chrome(options=options, service=Service(driver))
	yield opened
	opened.quit()


def page(report: Report, past: list[Past], path: Path) -> str:
	findings = [redact(finding_as_dict(finding)) for finding in report.findings]
	path.write_text(report_as_html(report.as_dict(), findings, past))
	return path.as_uri()


def broken(site: SampleSite) -> Report:
	all_faults()["config.site_config_cut_off"].breaks(site)
	return look_at(site)


def earlier(report: Report) -> list[Past]:
	return [
		Past(report.started - timedelta(hours=hours), Status.OK, dict.fromkeys(report.families, Status.OK))
		for hours in range(24, 0, -1)
	]


def test_it_shows_causes_first_and_what_they_explain(
	browser: webdriver.Chrome, site: SampleSite, tmp_path: Path
) -> None:
	report = broken(site)
	browser.get(page(report, earlier(report), tmp_path / "report.html"))
	roots = browser.find_elements(By.CSS_SELECTOR, "main > section > article")
	assert roots[0].get_attribute("id") == "config.readable:site_config.json"
	explained = roots[0].find_elements(By.CSS_SELECTOR, ".explains > article")
	assert "database.reachable" in [article.get_attribute("id") for article in explained]
	assert browser.title == f"Critical: {site.name}"


def test_it_draws_a_trend_only_where_there_is_history(
	browser: webdriver.Chrome, site: SampleSite, tmp_path: Path
) -> None:
	report = broken(site)
	browser.get(page(report, [], tmp_path / "without.html"))
	assert browser.find_elements(By.CSS_SELECTOR, ".trend") == []
	browser.get(page(report, earlier(report), tmp_path / "with.html"))
	first = browser.find_element(By.CSS_SELECTOR, ".trend svg")
	assert len(first.find_elements(By.TAG_NAME, "rect")) == 25


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_fits_every_screen(
	browser: webdriver.Chrome, site: SampleSite, tmp_path: Path, width: int
) -> None:
	report = broken(site)
	browser.execute_cdp_cmd(
		"Emulation.setDeviceMetricsOverride",
		{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
	)
	browser.get(page(report, earlier(report), tmp_path / "report.html"))
	for summary in browser.find_elements(By.TAG_NAME, "summary"):
		summary.click()
	assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_it_is_one_file_that_loads_and_runs_nothing(
	browser: webdriver.Chrome, site: SampleSite, tmp_path: Path
) -> None:
	report = broken(site)
	found = next(result for result in report.results if result.findings)
	evil = replace(found.findings[0], title=EVIL, cause=EVIL, evidence={EVIL: EVIL})
	report = replace(report, results=(replace(found, findings=(evil,)),))
	browser.get_log("browser")
	browser.get(page(report, [], tmp_path / "report.html"))
	assert browser.title == f"Critical: {site.name}"
	assert EVIL in browser.find_element(By.TAG_NAME, "body").text
	assert browser.find_elements(By.CSS_SELECTOR, "script, img, link, iframe") == []
	assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
	assert [json.dumps(entry) for entry in browser.get_log("browser")] == []
