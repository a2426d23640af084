"""Clear what the site keeps in the cache and can compute again."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._kinds import KINDS, PAGE, counted, keys_of, kind_of
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

SHOWN = 20


@dataclass(frozen=True)
class ClearSite(Action):
	"""Delete this site's keys from the cache Redis: all that Frappe computes again, or the kinds that are named.

	Keys of other sites stay, and so does what is kept nowhere else: records and log entries that wait to be saved,
	locks after failed log-ins, sessions, counters.
	"""

	title = _("Clear this site's cache")
	risk = Risk.DISRUPTIVE
	checks = ("cache.reachable",)

	#: documents, forms, users, website, translations, apps, functions; empty for all.
	kinds: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		unknown = [kind for kind in self.kinds if kind not in KINDS]
		if unknown:
			raise UsageError(
				f"{', '.join(unknown)[:200]} is no kind of cached data.",
				remedy=f"There are: {', '.join(KINDS)}.",
			)
		kinds, others = counted(site)
		wanted = [kind for kind in self.kinds or KINDS if kinds[kind]]
		return self.planned(
			site,
			_("Kinds of cached data to clear: {count}; keys: {keys}"),
			[
				batch(
					"Cache",
					kind,
					Act(_("clear"), "Cache", kind, {"kind": kind}),
					why=_("Keys: {0}").format(kinds[kind]),
				)
				for kind in wanted
			],
			warnings=[_("Pages are slower for a while, until everything is computed again.")]
			if wanted
			else [],
			left_out=[
				LeftOut(
					Subject("Cache", name),
					_("Keys: {0}. They are kept nowhere else, or the console does not know them.").format(n),
				)
				for name, n in others.most_common(SHOWN)
			],
			keys=sum(kinds[kind] for kind in wanted),
			by_kind=dict(kinds),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		wanted = str(act.arguments["kind"])
		found = [key for key, name in keys_of(site) if kind_of(name) == wanted]
		with site.cache.client() as client:
			for start in range(0, len(found), PAGE):
				client.unlink(*found[start : start + PAGE])
		return _("keys deleted: {0}").format(len(found))

	def is_done(self, site: WritableSite, act: Act) -> bool:  # noqa: ARG002
		"""Clearing twice does no harm, and the site fills the cache again at once."""
		return False
