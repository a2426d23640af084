"""Break a sample site by real means, let the console find out what happened, and put some of it right."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path

import click

from recovery_console.core import snapshot
from recovery_console.core.registry import select_checks
from recovery_console.core.report import Report, diagnose
from recovery_console.core.site import Site, open_site
from recovery_console.rescue.formats import render
from recovery_console.rescue.output import emit, progress
from tests.demo import repairs, story
from tests.faults.truth import MACHINE
from tests.support.sample import SampleBench, SqliteTarget
from tests.support.services import Redis, SmtpServer

SITE = "erp.example.org"
OUTPUT = Path("demo-output")
#: The diagnosis pretends to come so much later: nobody restarts anything until then.
LATER = timedelta(minutes=45)


def main() -> int:
	begun = time.monotonic()
	with ExitStack() as stack:
		folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recovery-console-demo-")))
		stage = set_up(stack, folder)
		say("A healthy site")
		healthy = look(stage, timedelta(0))
		click.echo(
			f"{healthy.status}: {len(healthy.results)} checks, {len(healthy.findings)} findings", err=True
		)

		say("Breaking it")
		for number, act in enumerate(story.acts(), start=1):
			click.echo(f"{number:>3}. {act.title}", err=True)
			act.play(stage)

		say(f"{LATER.seconds // 60} minutes later: recovery-console --site {SITE} diagnose")
		report = look(stage, LATER, show=True)

		say("Putting three of these right, and taking one back")
		repaired = repairs.put_right(stage, lambda: datetime.now(timezone.utc) + LATER)
	click.echo(f"The whole demonstration took {time.monotonic() - begun:.0f} s.", err=True)
	of_the_site = [finding for finding in healthy.findings if not finding.fingerprint.startswith(MACHINE)]
	return 0 if not of_the_site and report.exit_status == 2 and repaired else 1


def set_up(stack: ExitStack, folder: Path) -> story.Stage:
	"""Start the private servers and build the sample site."""
	cache = stack.enter_context(Redis(folder / "redis-cache"))
	queue = stack.enter_context(Redis(folder / "redis-queue"))
	smtp = stack.enter_context(SmtpServer(folder / "smtp"))
	bench = SampleBench.create(folder / "bench", redis_cache=cache, redis_queue=queue, smtp=smtp)
	stage = story.Stage(bench, bench.add_site(SITE, database=SqliteTarget(), frappe=16), queue, smtp)
	stack.callback(story.close_down)
	story.open_for_business(stage)
	return stage


def look(stage: story.Stage, later: timedelta, *, show: bool = False) -> Report:
	"""Diagnose the site, keep the snapshot, and show the report if asked."""

	def clock() -> datetime:
		return datetime.now(timezone.utc) + later

	with open_site(stage.bench.folder, SITE, clock=clock) as site:
		report = diagnose(site, select_checks(), on_progress=progress())
		if show:
			publish(report, site)
	snapshot.append(stage.site.path, report.as_dict())
	return report


def publish(report: Report, site: Site) -> None:
	"""Print the report and write it as JSON and HTML."""
	click.echo(render(report, "text", site, colour=sys.stdout.isatty()))
	OUTPUT.mkdir(exist_ok=True)
	say("The same report, to keep and to send")
	for form in ("json", "html"):
		emit(render(report, form, site, colour=False), str((OUTPUT / f"report.{form}").resolve()))


def say(text: str) -> None:
	click.secho(f"\n{text}", err=True, bold=True)


if __name__ == "__main__":
	sys.exit(main())
