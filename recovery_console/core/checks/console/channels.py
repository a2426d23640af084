"""Is anybody told of incidents?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_CHANNEL = "Recovery Channel"
_MAIL = "E-mail"


@dataclass(frozen=True)
class Channels(Check):
	"""Is there an enabled channel over which people are told, and another one for when mail is broken?

	Cost: the list of channels, a handful.
	"""

	title = _("Channels of notices")
	needs = (_CHANNEL,)

	def run(self, site: Site) -> Answer:
		t = table(_CHANNEL)
		rows = site.db.run(site.db.from_(t).select(t["name"], t.enabled, t.kind, t.is_fallback).limit(500))
		used = [row for row in rows if row["enabled"] and not row["is_fallback"]]
		yield self.measure(channels_enabled=sum(bool(row["enabled"]) for row in rows))
		if rows and not used:
			yield self.warning(
				_("Channels of notices that exist, while none is enabled: {count}."),
				cause=_(
					"They were switched off, or are used only when mail is broken. Of incidents nobody is told but those"
					" who are called when time runs out."
				),
				remedy=_("Open Recovery Channel, enable the right ones, and send a test over each."),
				subjects=[(_CHANNEL, str(row["name"])) for row in rows],
			)
		elif not rows:
			yield self.info(
				_("No channel tells anybody of incidents."),
				cause=_("Only those are told who are called when nobody acknowledges a severe incident."),
				remedy=_("Add a Recovery Channel: mail, Desk, a webhook, Slack or Telegram."),
			)
		elif {row["kind"] for row in rows if row["enabled"]} == {_MAIL}:
			yield self.info(
				_("Mail is the only channel that tells of incidents."),
				subject="only mail",
				cause=_(
					"When mail is what is broken, the managers of the site are told in Desk, and nobody else."
				),
				remedy=_("Add a channel of another kind, and let it be used when mail is broken."),
				subjects=[(_CHANNEL, str(row["name"])) for row in used],
				count=1,
			)
