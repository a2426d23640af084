"""Bring site_config.json back from its last good copy."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._backups import FOLDER, Copy, good_copies
from recovery_console.core.actions.config._files import LARGEST, broken_copy, holding, in_bench
from recovery_console.core.edits import ABSENT, Edit, FileText
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class RestoreSiteConfig(Action):
	"""Put the newest good *-site_config_backup.json in place of a site_config.json that cannot be used.

	The broken file stays beside it under another name.
	"""

	title = _("Restore site_config.json")
	risk = Risk.REVERSIBLE
	checks = ("config.readable", "database.reachable", "config.encryption_key")

	#: Name of a copy in private/backups; empty for the newest that can be read.
	backup: str = ""

	def plan(self, site: Site) -> Plan:
		problem = site.config.site.problem
		if problem is None and not self.backup:
			raise UsageError(
				"site_config.json can be read.",
				remedy="Name the copy in private/backups (backup) if it is to replace it all the same.",
			)
		if problem is not None and problem.kind == "bom" and not self.backup:
			raise UsageError(
				"site_config.json is whole but for the mark before its text.",
				remedy="Follow the runbook drop-byte-order-mark, which keeps its newest settings.",
			)
		copy = self._copy(site)
		path = site.config.site.path
		good = site.files.read_bytes(f"{FOLDER}/{copy.name}", LARGEST).removeprefix(_BOM)
		there = site.files.stat(path)
		edits: list[Edit] = []
		broken = site.files.read_bytes(path, LARGEST) if there else ABSENT
		if there and broken:
			edits.append(FileText(broken_copy(site, path), ABSENT, broken))
		edits.append(FileText(in_bench(site, path), broken, good, there.mode if there else 0o600))
		return self.planned(
			site,
			_("Restore site_config.json from {backup}"),
			[batch("Path", in_bench(site, path), *edits)],
			warnings=[
				_(
					"Settings that were changed after this copy was made ({0} ago) are as they were then."
				).format(in_words(site.now() - copy.modified)),
				_("It leads to the database {0} on {1}: see that this is this site's.").format(
					copy.values["db_name"], copy.values.get("db_host") or "127.0.0.1"
				),
				*self._switches(copy, broken if isinstance(broken, bytes) else b""),
			],
			backup=copy.name,
			settings=sorted(copy.values),
			problem=problem.detail if problem else "",
		)

	@staticmethod
	def _switches(copy: Copy, broken: bytes) -> list[str]:
		"""Return the warning that mail and scheduled jobs begin, where nothing in the copy holds them."""
		if lost := [key for key in holding(broken) if not copy.values.get(key)]:
			return [
				_(
					"The broken file sets {0}, this copy does not: set it again before you restart the bench."
				).format(", ".join(lost))
			]
		if any(copy.values.get(key) for key in ("mute_emails", "pause_scheduler", "maintenance_mode")):
			return []
		return [
			_("It neither mutes mail nor holds the scheduler: on a copy of a site for tests set that first.")
		]

	def _copy(self, site: Site) -> Copy:
		copies = good_copies(site)
		own = f"-{site.name.replace('.', '_')}-"  # a copy of another site names another database
		wanted = [
			copy for copy in copies if copy.name == self.backup or (not self.backup and own in copy.name)
		]
		if not wanted:
			raise UsageError(
				f"There is no good copy of site_config.json {self.backup[:200]} in {site.path / FOLDER}.".replace(
					"  ", " "
				),
				remedy=f"Good copies: {', '.join(copy.name for copy in copies[:10]) or 'none. See the runbook configuration-lost'}.",
			)
		return wanted[0]
