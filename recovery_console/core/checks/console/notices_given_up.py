"""Did what the console had to tell reach anybody?"""

from __future__ import annotations

from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console._snapshots import HELD_BACK_BY
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.window import lately

_NOTICE = "Recovery Notice"
_GIVEN_UP = "Given Up"


@dataclass(frozen=True)
class NoticesGivenUp(Check):
	"""Were notices given up, so that somebody was not told?

	Cost: the notices of the window.
	"""

	title = _("Notices that reached nobody")
	needs = (_NOTICE,)
	explained_by = (*HELD_BACK_BY, "email.server", "email.outgoing_account", "email.account_login")

	window: timedelta = timedelta(days=1)

	def run(self, site: Site) -> Answer:
		t = table(_NOTICE)
		given_up = lately(site, t, self.window) & (t.state == _GIVEN_UP) & (t.kind != "Test")
		query = site.db.from_(t).select(t["name"], t.channel_kind).where(given_up)
		rows = site.db.run(query.orderby(t.creation, order=Order.desc).limit(500))
		yield self.measure(notices_given_up=len(rows))
		if rows:
			yield self.warning(
				_("Notices that were given up: {count}."),
				cause=_(
					"They were tried for hours over {ways} and nobody took them: whom they were meant for does not"
					" know of the incident."
				),
				remedy=_(
					"Open a notice to see the error of its last attempt, mend its channel, and send a test from there."
					" Call by phone whoever must know now."
				),
				subjects=[(_NOTICE, str(row["name"])) for row in rows],
				ways=", ".join(sorted({str(row["channel_kind"]) for row in rows})),
			)
