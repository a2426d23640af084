"""Can this machine reach the services that the site calls?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from recovery_console.core.backends.network import reach
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Where the addresses of other services stand: DocType, field, and the condition's switch if there is one.
_PLACES = (
	("Webhook", "request_url", "enabled"),
	("Slack Webhook URL", "webhook_url", ""),
	("Connected App", "token_uri", ""),
	("Social Login Key", "base_url", "enable_social_login"),
)
_REASONS = {
	"name": _("The name server does not know them, or this machine cannot ask it."),
	"refused": _("They refuse the connection: the service is down, or listens on another port."),
	"timeout": _("Nobody answers in time: a firewall stands between, or the service is down."),
	"tls": _("They do not encrypt."),
	"unreachable": _("There is no way to them from this machine."),
}


@dataclass(frozen=True)
class Reachability(Check):
	"""Do the services that webhooks, Slack, Connected Apps and social logins call accept a connection?

	Cost: one connection per service, at most ten, three seconds each at worst. Nothing is sent. Looks only when it
	is asked to.
	"""

	title = _("Reaching other services")
	needs = ("Webhook",)
	on_request = True
	budget: ClassVar[timedelta] = timedelta(seconds=60)

	#: Further addresses, with commas between: such as https://api.github.com, which Frappe asks for updates.
	also: str = ""
	most_services: int = 10
	seconds: float = 3.0

	def run(self, site: Site) -> Answer:
		services = self._services(site)
		failed: dict[str, list[str]] = {}
		for host, port in services[: self.most_services]:
			reason = reach(host, port, self.seconds)
			if reason:
				failed.setdefault(reason, []).append(f"{host}:{port}")
		yield self.measure(services=len(services), not_reached=sum(len(names) for names in failed.values()))
		for reason, names in failed.items():
			yield self.warning(
				_("Services that this machine cannot reach: {count}."),
				cause=_REASONS[reason],
				remedy=_(
					"See whether the service runs and whether this machine's firewall lets it out: `curl -I"
					" https://HOST` on the server. Where the site goes through a proxy, this test says nothing."
				),
				subject=reason,
				subjects=[("Service", name) for name in names],
			)

	def _services(self, site: Site) -> list[tuple[str, int]]:
		found = set()
		for doctype, field, switch in _PLACES:
			if not site.has_doctype(doctype, field):
				continue
			t = table(doctype)
			query = site.db.from_(t).select(t[field].as_("url")).limit(500)
			if switch:
				query = query.where(t[switch] == 1)
			found |= {place for row in site.db.run(query) if (place := _place(str(row["url"] or "")))}
		found |= {place for url in self.also.split(",") if (place := _place(url))}
		return sorted(found)


def _place(url: str) -> tuple[str, int] | None:
	"""Return host and port of a web address; None where there is none, such as in one with a template."""
	try:
		parts = urlsplit(url.strip())
		port = parts.port
	except ValueError:
		return None
	if parts.scheme not in ("http", "https") or not parts.hostname or "{" in parts.netloc:
		return None
	return parts.hostname, port or (443 if parts.scheme == "https" else 80)
