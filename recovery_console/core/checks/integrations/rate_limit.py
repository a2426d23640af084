"""Does the site turn visitors away because its own limit on requests is used up?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class RateLimit(Check):
	"""Is the site's own limit on requests (rate_limit) well-formed, and how much of it is used up now?

	The limit is in seconds of computing time of all requests together, within a window. That other services
	limit this site shows in integrations.requests and integrations.webhooks, as error 429.

	Cost: two keys of the cache.
	"""

	title = _("Limit on requests")

	share: float = 0.8

	def run(self, site: Site) -> Answer:
		limits = site.config.get("rate_limit")
		if not limits:
			raise NotApplicable(_("The site sets no limit on requests (rate_limit)."))
		read = _read(limits)
		if read is None:
			yield self._malformed(site)
			return
		limit, window = read
		now = self._used(site, window)
		yield self.measure(rate_limit_used=round(now / limit, 3))
		if now > limit * self.share:
			yield self._used_up(site, now / limit, limit, window)

	def _used(self, site: Site, window: int) -> float:
		"""Return the computing time used in this window, in seconds."""
		# As Frappe reckons: the site's wall clock, taken for the machine's.
		number = int(site.db_time(site.now()).timestamp()) // window
		prefix = str(site.config.get("db_name") or "")
		with site.cache.client() as client:
			raw = client.get(f"{prefix}|rate-limit-counter-{number}")
		return int(raw or 0) / _MICROSECONDS

	def _malformed(self, site: Site) -> Finding:
		return self.critical(
			_("rate_limit is set, but not as Frappe reads it: every request fails."),
			cause=_("It must hold two numbers above 0: limit and window, both in seconds."),
			remedy=_(
				"Correct rate_limit in site_config.json of {site}, or in common_site_config.json, or take it out; then"
				" `bench restart`."
			),
			subject="form",
			subjects=[("Setting", "rate_limit")],
			site=site.name,
		)

	def _used_up(self, site: Site, used: float, limit: float, window: int) -> Finding:
		full = used > 1
		return (self.critical if full else self.warning)(
			_("The site turns all visitors away: its limit on requests is used up.")
			if full
			else _("{percent} % of the limit on requests is used up."),
			cause=_(
				"Requests may take {limit_s} s of computing time in {window} (rate_limit). Beyond, everybody gets error"
				" 429 until the window ends."
			),
			remedy=_(
				"See which requests take the time (performance.slow_methods), and whether a program or a crawler sends"
				" many. If the limit is too low for the site, raise rate_limit in its site_config.json."
			),
			subject="used",
			subjects=[("Setting", "rate_limit")],
			percent=round(100 * used),
			limit_s=limit,
			window=in_words(timedelta(seconds=window)),
			site=site.name,
		)


def _read(limits: Any) -> tuple[float, int] | None:
	"""Return limit and window in seconds; None where Frappe would fail on them."""
	if not isinstance(limits, Mapping):
		return None
	limit, window = limits.get("limit"), limits.get("window")
	if isinstance(limit, (int, float)) and isinstance(window, int) and limit > 0 and window > 0:
		return float(limit), window
	return None
