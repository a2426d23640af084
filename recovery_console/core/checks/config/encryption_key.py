"""Is the key to the stored passwords there, and does it fit?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recovery_console.core.backends.secrets import key_is_valid, opens
from recovery_console.core.backends.sql import raw_table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_REMEDY = _(
	"Put back the encryption_key of the time when the passwords were saved: it stands in a"
	" *-site_config_backup.json of that time in {backups}. Save nothing that holds a password before that. Only"
	" when the key is lost for good, enter each of the passwords named again."
)
#: Problem: title, cause.
_PROBLEMS: dict[str, tuple[str, str]] = {
	"missing": (
		_("The encryption key is gone: stored passwords cannot be read ({count})."),
		_(
			"site_config.json holds no encryption_key. Frappe makes a new one when it next needs it, and what was"
			" saved with the old one stays closed."
		),
	),
	"damaged": (
		_("The encryption key is damaged: stored passwords cannot be read ({count})."),
		_("A key is 44 letters and digits of base64; the one in site_config.json was cut off or mistyped."),
	),
	"other": (
		_("The encryption key does not fit: stored passwords cannot be read ({count})."),
		_("They were saved with another key, as after a restore without the site's old site_config.json."),
	),
}


@dataclass(frozen=True)
class EncryptionKey(Check):
	"""Is the encryption_key there and well-formed, and does it open the stored passwords?

	Cost: the encrypted rows of one small table, at most ``most``, each decrypted and forgotten at once.
	"""

	title = _("Encryption key")
	explained_by = ("config.readable",)

	most: int = 500

	def run(self, site: Site) -> Answer:
		rows = self._rows(site)
		key = site.config.get("encryption_key")
		yield self.measure(encrypted_values=len(rows))
		if key and not key_is_valid(key):
			yield self._unusable(site, "damaged", rows)
		elif not key and rows:
			yield self._unusable(site, "missing", rows)
		elif key:
			closed = [row for row in rows if not opens(str(key), str(row["password"]))]
			if closed and len(closed) == len(rows):
				yield self._unusable(site, "other", rows)
			elif closed:
				yield from self._some(site, closed, len(rows))

	def _rows(self, site: Site) -> list[dict[str, Any]]:
		auth = raw_table("__Auth")
		return site.db.run(
			site.db.from_(auth)
			.select(auth["doctype"], auth["name"], auth["fieldname"], auth["password"])
			.where(auth["encrypted"] == 1)
			.limit(self.most)
		)

	def _count(self, site: Site, rows: list[dict[str, Any]]) -> int:
		if len(rows) < self.most:
			return len(rows)
		auth = raw_table("__Auth")
		return site.db.count(site.db.from_(auth).where(auth["encrypted"] == 1))

	def _unusable(self, site: Site, problem: str, rows: list[dict[str, Any]]) -> Finding:
		title, cause = _PROBLEMS[problem]
		return self.critical(
			title,
			cause=cause,
			remedy=_REMEDY,
			count=self._count(site, rows),
			subjects=_subjects(rows),
			problem=problem,
			backups=str(site.path / "private" / "backups"),
		)

	def _some(self, site: Site, closed: list[dict[str, Any]], of: int) -> Iterator[Finding]:
		yield self.warning(
			_("Stored passwords that cannot be read: {count} of {of} that were tried."),
			cause=_(
				"The key opens the others. These were saved with an earlier key, as when the key was lost and Frappe"
				" made a new one."
			),
			remedy=_(
				"Enter these passwords again, each in its own document; or find the earlier key in an old"
				" *-site_config_backup.json in {backups} to read them once more."
			),
			subjects=_subjects(closed),
			of=of,
			fields=sorted({f"{row['doctype']}.{row['fieldname']}" for row in closed})[:20],
			backups=str(site.path / "private" / "backups"),
		)


def _subjects(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
	return sorted((str(row["doctype"]), str(row["name"])) for row in rows)
