"""gpg is not installed: the backup went on without it."""

from tests.faults import Fault
from tests.faults.backups._files import PARTS, part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(backup_encryption_key=site.encryption_key)
	for name in PARTS:
		stem, _dot, ending = name.partition(".")
		part(site, 2, name).rename(part(site, 2, f"{stem}-enc.{ending}"))


FAULT = Fault(
	title="Backups named as encrypted are not",
	breaks=breaks,
	check="backups.encrypted",
	severity="warning",
	runbook="name-backups-plainly",
)
