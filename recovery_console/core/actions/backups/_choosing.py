"""The backup that a person means."""

from __future__ import annotations

from recovery_console.core.checks.backups import _sets
from recovery_console.core.errors import NotApplicable, UsageError
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SHOWN = 10


def chosen_set(site: Site, stamp: str = "") -> _sets.BackupSet:
	"""Return a backup of the whole database that can be read without a key; the newest where none is named.

	Raises:
		UsageError: There is no such backup.
		NotApplicable: There is none at all, or it is encrypted.
	"""
	whole = _sets.whole(site)
	if not whole:
		raise NotApplicable(_("There is no backup of the whole database in {0}.").format(_sets.folder(site)))
	named = [found for found in whole if not stamp or found.stamp == stamp]
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
