"""One look at the Activity Log for the checks that seldom find anything in it."""

from __future__ import annotations

from datetime import timedelta

from pypika import Case
from pypika import functions as fn

from recovery_console.core.backends.sql import bind, table
from recovery_console.core.checks.portal._users import ADMINISTRATOR
from recovery_console.core.site import Site
from recovery_console.core.window import lately

ADMINISTRATOR_CAME = "administrator"
SOMEBODY_ELSE = "impersonated"
DISABLED_TRIED = "refused"


def happened(site: Site, window: timedelta, what: str) -> bool:
	"""Tell whether the Activity Log of a window holds any row of a kind; read once for all kinds."""

	def read() -> dict[str, int]:
		log, user = table("Activity Log"), table("User")
		came = (log.operation == "Login") & (log.status == "Success") & (log["user"] == ADMINISTRATOR)
		disabled = site.db.from_(user).select(user["name"]).where(user.enabled == 0)
		refused = (log.operation == "Login") & (log.status == "Failed") & log["user"].isin(disabled)
		kinds = {
			ADMINISTRATOR_CAME: came,
			SOMEBODY_ELSE: log.operation == "Impersonate",
			DISABLED_TRIED: refused,
		}
		counted = [
			fn.Sum(Case().when(condition, bind(1)).else_(bind(0))).as_(kind)
			for kind, condition in kinds.items()
		]
		(row,) = site.db.run(site.db.from_(log).select(*counted).where(lately(site, log, window)))
		return {kind: int(row[kind] or 0) for kind in kinds}

	return site.remember(f"security.activity:{window}", read)[what] > 0
