"""Ending sessions, now: also those that were used, or begun, since the plan was made."""

from __future__ import annotations

from collections.abc import Sequence

from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.writable import WritableSite

#: What Frappe keeps of a session in the cache; the second only in version 15.
HASHES = ("session", "last_db_session_update")
PAGE = 500


def ending(user: str, number: int, keep: int = 0) -> Act:
	"""Return the act that ends a user's sessions but the newest."""
	return Act(_("sessions ended: {0}").format(number), "User", user, {"user": user, "keep": keep})


def end(site: WritableSite, act: Act) -> str:
	"""End the sessions of a user but the newest, in the database and in the cache."""
	sids = _sids(site, act)
	t = table("Sessions")
	for start in range(0, len(sids), PAGE):
		page = sids[start : start + PAGE]
		# First, so that nothing is deleted while the cache is out of reach and would go on letting them in; and once
		# more, because a request between the two takes the session from its row into the cache again.
		_forget(site, page)
		site.writer.run(site.writer.from_(t).delete().where(t.sid.isin(page)))
		_forget(site, page)
	return _("{0}: {1} sessions ended.").format(act.name, len(sids))


def _forget(site: WritableSite, sids: Sequence[str]) -> None:
	with site.cache.client() as client:
		for name in HASHES:
			client.hdel(f"{site.config.get('db_name')}|{name}", *sids)


def ended(site: WritableSite, act: Act) -> bool:
	"""Tell whether a user has no more sessions than are to be left."""
	return not _sids(site, act)


def _sids(site: WritableSite, act: Act) -> list[str]:
	t = table("Sessions")
	rows = site.writer.run(
		site.writer.from_(t).select(t.sid, t.lastupdate).where(t["user"] == str(act.arguments["user"]))
	)
	rows.sort(key=lambda row: (str(row["lastupdate"]), str(row["sid"])), reverse=True)
	return [str(row["sid"]) for row in rows[int(act.arguments["keep"]) :]]
