"""A job imported the same scans again and again."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"File", file_name="a", file_url="https://x.example.org/a", file_size=2**30, creation=site.days_ago(20)
	)
	for day in range(3):
		site.insert(
			"File",
			file_name="b",
			file_url="https://x.example.org/b",
			file_size=2**30,
			creation=site.days_ago(day),
		)


FAULT = Fault(
	title="Far more was uploaded than usual",
	breaks=breaks,
	check="storage.growth",
	severity="info",
)
