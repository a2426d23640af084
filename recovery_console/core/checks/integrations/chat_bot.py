"""Does the chat bot get its messages?"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from recovery_console.core.backends.http import Address, get
from recovery_console.core.check import Answer, Check
from recovery_console.core.errors import NotApplicable, SourceUnavailable
from recovery_console.core.finding import Finding, _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import UTC, in_words

_TOKEN = re.compile(r"\d{6,12}:[\w-]{30,60}")


@dataclass(frozen=True)
class ChatBot(Check):
	"""Is the Telegram bot's token valid, and does Telegram deliver the bot's messages to this site?

	Telegram itself is asked, for what it knows about the bot's webhook; no message is sent. The token is taken from
	site_config.json, where programs for bots expect it.

	Cost: one request to Telegram. Looks only when it is asked to.
	"""

	title = _("Chat bot")
	on_request = True
	explained_by = ("portal.login_page", "integrations.certificates", "integrations.reachability")
	budget: ClassVar[timedelta] = timedelta(seconds=20)

	key: str = "telegram_bot_token"
	service: str = "https://api.telegram.org"
	within: timedelta = timedelta(seconds=8)
	most_waiting: int = 20
	fresh: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		token = str(site.config.get(self.key) or "")
		if not token:
			raise NotApplicable(_("site_config.json holds no token of a bot ({0}).").format(self.key))
		status, said = self._ask(token) if _TOKEN.fullmatch(token) else (401, {})
		if status in (401, 404):
			yield self._refused()
			return
		waiting = int(said.get("pending_update_count") or 0)
		yield self.measure(bot_messages_waiting=waiting)
		if not said.get("url"):
			yield self._problem(site, "unset", _("Telegram knows no address of the bot's webhook."))
			return
		failed = said.get("last_error_date")
		lately = bool(failed) and site.now() - datetime.fromtimestamp(int(failed or 0), UTC) < self.fresh
		if waiting > self.most_waiting or lately:
			yield self._problem(
				site,
				"undelivered",
				_("Telegram cannot deliver the bot's messages, or the bot is slow to take them."),
				waiting=waiting,
				host=str(urlsplit(str(said["url"])).hostname or ""),
				fresh=in_words(self.fresh),
				said=str(said.get("last_error_message") or _("nothing")) if lately else _("nothing"),
			)

	def _ask(self, token: str) -> tuple[int, dict[str, Any]]:
		"""Ask Telegram about the webhook. The token stands in the address, and so in nothing that is told."""
		parts = urlsplit(self.service)
		secure, host = parts.scheme == "https", str(parts.hostname)
		address = Address(host, host, parts.port or (443 if secure else 80), secure)
		page = get(address, f"/bot{token}/getWebhookInfo", self.within.total_seconds())
		answer: Any = {}
		if page.status == 200 and not page.distrust:
			try:
				answer = json.loads(page.text)
			except ValueError:
				answer = {}
		elif page.status in (401, 404):
			return page.status, {}
		if not isinstance(answer, dict) or not isinstance(answer.get("result"), dict):
			raise SourceUnavailable(
				"telegram",
				_("Telegram gave no answer that can be read ({0}).").format(page.failed or page.status),
				remedy=_("See whether this machine may reach {0}; then ask again.").format(host),
			)
		return page.status, answer["result"]

	def _refused(self) -> Finding:
		return self.critical(
			_("Telegram refuses the bot's token."),
			cause=_(
				"It is mistyped, or was withdrawn when somebody asked for a new one. The bot neither hears nor answers."
			),
			remedy=_(
				"Ask @BotFather in Telegram for the bot's token, enter it as {key} in site_config.json, then `bench restart`."
			),
			subject="token",
			subjects=[("Setting", self.key)],
			key=self.key,
		)

	def _problem(self, site: Site, kind: str, title: str, **evidence: Any) -> Finding:
		return self.warning(
			title,
			cause=_("Messages for the bot wait at Telegram: {waiting}. In the last {fresh} it said: {said}.")
			if evidence
			else _("It was never set, or another program that uses the same token took it away."),
			remedy=_(
				"See that the login page and the certificate of {host} are well from outside, and that the function that the"
				" webhook names still exists; then have the bot's app set the webhook again."
			)
			if evidence
			else _("Have the bot's app set the webhook again, to an address of {site}."),
			subject=kind,
			subjects=[("Setting", self.key)],
			site=site.name,
			**evidence,
		)
