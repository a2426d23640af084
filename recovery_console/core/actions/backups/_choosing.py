"""The backup that a person means."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._ends import what_is_wrong
from recovery_console.core.errors import NotApplicable, UsageError
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SHOWN = 10
#: A dump without an end that is younger may still be being written.
_WRITTEN_WITHIN = timedelta(minutes=2)


def chosen_set(site: Site, stamp: str = "", *, sound: bool = False) -> _sets.BackupSet:
	"""Return a backup of the whole database that can be read without a key; the newest where none is named.

	One that is being written at this moment is not taken for the newest.

	Args:
		site: The site.
		stamp: The time in its names; empty for the newest.
		sound: Pass over those whose dump looks damaged.

	Raises:
		UsageError: There is no such backup.
		NotApplicable: There is none at all, or it is encrypted.
	"""
	whole = _sets.whole(site)
	if not whole:
		raise NotApplicable(_("There is no backup of the whole database in {0}.").format(_sets.folder(site)))
	named = [found for found in whole if found.stamp == stamp] if stamp else _ready(site, whole, sound=sound)
	if not named:
		raise UsageError(
			_("There is no backup {0} of the whole database.").format(repr(stamp[:40])),
			remedy=_("Choose from: {0}.").format(", ".join(found.stamp for found in whole[:_SHOWN])),
		)
	if named[0].encrypted:
		raise NotApplicable(
			_("This backup is encrypted: it is opened with `bench restore --encryption-key`.")
		)
	return named[0]


def _ready(site: Site, whole: list[_sets.BackupSet], *, sound: bool) -> list[_sets.BackupSet]:
	source = _sets.files(site)

	def is_ready(found: _sets.BackupSet) -> bool:
		part = found.parts[_sets.DATABASE]
		if not what_is_wrong(source, _sets.DATABASE, part, found.encrypted):
			return True
		return not sound and site.now() - part.modified > _WRITTEN_WITHIN

	return [found for found in whole if is_ready(found)] or whole
