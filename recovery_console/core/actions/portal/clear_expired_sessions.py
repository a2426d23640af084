"""Clear away sessions that have expired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal import _expiry
from recovery_console.core.edits import ABSENT, Edit, HashEdit, RowEdit
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import whole_rows
from recovery_console.core.site import Site

#: What Frappe keeps of a session in the cache; the second only in version 15.
HASHES = ("session", "last_db_session_update")


@dataclass(frozen=True)
class ClearExpiredSessions(Action):
	"""Delete sessions that expired, as Frappe's daily job would have done."""

	title = "Clear expired sessions"
	risk = Risk.REVERSIBLE
	checks = ("portal.expired_sessions",)

	most: int = 2000

	def plan(self, site: Site) -> Plan:
		expiry = _expiry.duration(_expiry.in_force(site))
		if not expiry:
			raise NotApplicable(_("The session expiry cannot be read, so that no session counts as expired."))
		t = table("Sessions")
		old = site.db.from_(t).where(t.lastupdate < site.ago(expiry))
		rows = whole_rows(site, old.orderby(t.lastupdate, t.sid).limit(self.most + 1))
		return self.planned(
			site,
			_("Expired sessions to delete: {count}"),
			self._batches(site, rows),
			most=self.most,
			warnings=[_("Nobody is logged out by this: these sessions have ended already.")] if rows else [],
		)

	@staticmethod
	def _batches(site: Site, rows: Sequence[Row]) -> Iterator[Batch]:
		prefix = str(site.config.get("db_name") or "")
		keys = [f"{prefix}|{name}".encode() for name in HASHES]
		fields = [str(row["sid"]).encode() for row in rows]
		with site.cache.client() as client:
			held = [client.hmget(key, fields) for key in keys] if fields else [[], []]
		for row, field, *values in zip(rows, fields, *held, strict=True):
			cached: list[Edit] = [
				HashEdit("cache", key, field, value, ABSENT)
				for key, value in zip(keys, values, strict=True)
				if value is not None
			]
			session = RowEdit("tabSessions", {"sid": row["sid"]}, dict(row), None)
			yield batch("User", row["user"], session, *cached)
