"""The web server's workers die of an import error when they start: that reaches no Error Log."""

from tests.faults import Fault
from tests.faults.errors._errors import traceback
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	old = "[2020-01-01 10:00:00 +0000] [1] [ERROR] Exception in worker process\n" + traceback(
		"old", "OldError"
	)
	lines = [old] * 9
	for number in range(5):
		at = site.utc(site.minutes_ago(90 - number))
		lines.append(
			f"[{at:%Y-%m-%d %H:%M:%S +0000}] [{4000 + number}] [ERROR] Exception in worker process\n"
		)
		lines.append(traceback("No module named 'mollie'", "ModuleNotFoundError"))
	(site.bench.folder / "logs" / "web.error.log").write_text("".join(lines))


FAULT = Fault(
	title="The web server fails to start",
	breaks=breaks,
	check="errors.log_files",
	severity="warning",
	count=5,
	subjects=("logs/web.error.log",),
)
