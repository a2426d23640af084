"""Let Frappe work roles and permissions out anew."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import users_named
from recovery_console.core.cached import cache_key
from recovery_console.core.edits import CacheDrop, Edit
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Hashes with one field per user.
_HASHES = (
	"roles",
	"user_permissions",
	"user_perm_can_read",
	"has_role:Page",
	"has_role:Report",
	"home_page",
	"portal_menu_items",
	"bootinfo",
)


@dataclass(frozen=True)
class ClearPermissionCache(Action):
	"""Drop what Frappe keeps of roles and permissions, of everybody or of named users. Nobody is logged out."""

	title = "Clear the permission cache"
	risk = Risk.REVERSIBLE
	needs = ("User",)
	checks = ("portal.user_roles",)

	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		users_named(site, self.names, standard=True)
		keys = [cache_key(site, name) for name in _HASHES]
		if not self.names:
			batches = [batch("Site", site.name, *(CacheDrop("cache", key) for key in keys))]
		else:
			batches = [batch("User", name, *self._of(keys, name)) for name in self.names]
		return self.planned(
			site,
			_("Let Frappe work out roles and permissions anew: {whom}"),
			batches,
			whom=_("of everybody") if not self.names else ", ".join(self.names[:5]),
		)

	@staticmethod
	def _of(keys: list[bytes], user: str) -> list[Edit]:
		return [CacheDrop("cache", key, user.encode()) for key in keys]
