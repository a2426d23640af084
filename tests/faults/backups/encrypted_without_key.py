"""backup_encryption_key was lost with the old site_config.json."""

from tests.faults import Fault
from tests.faults.backups._files import PARTS, part, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for hours in (2, 8):
		for name in PARTS:
			stem, _dot, ending = name.partition(".")
			if "config" not in name:
				replace(site, hours, name, b"\x8c\x0d\x04\x09 not readable")
			part(site, hours, name).rename(part(site, hours, f"{stem}-enc.{ending}"))


FAULT = Fault(
	title="Encrypted backups cannot be opened",
	breaks=breaks,
	check="backups.encrypted",
	severity="critical",
	count=2,
)
