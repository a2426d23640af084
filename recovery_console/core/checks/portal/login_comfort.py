"""Does the login page come as visitors want it?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from recovery_console.core.backends.http import Address, Page
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.portal._front_door import login_page
from recovery_console.core.finding import Finding, _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LoginComfort(Check):
	"""Does the login page come without a browser's warning, with cookies that browsers keep, and soon?

	It is asked on this machine, as portal.login_page asks.

	Cost: one page from the site's web server, asked once for both. Looks only when it is asked to.
	"""

	title = _("How the login page comes")
	on_request = True
	explained_by = ("portal.login_page", "integrations.certificates")
	budget: ClassVar[timedelta] = timedelta(seconds=30)

	host: str = "127.0.0.1"
	#: 0: as the configuration says.
	port: int = 0
	within: timedelta = timedelta(seconds=10)
	slow_after: timedelta = timedelta(seconds=5)

	def run(self, site: Site) -> Answer:
		address, page = login_page(site, self.host, self.port, self.within.total_seconds())
		shared = {"url": address.url, "subjects": [("Site", site.name)]}
		if page.distrust:
			yield self._distrusted(page.distrust, shared)
		if not page.failed and page.status == 200:
			yield from self._comfort(address, page, shared)

	def _distrusted(self, reason: str, shared: dict[str, Any]) -> Finding:
		return self.warning(
			_("Browsers warn of the site's certificate: {reason}."),
			cause=_("The web server on this machine shows a certificate that no browser trusts for {url}."),
			remedy=_(
				"Renew it, such as with `sudo certbot renew` and `sudo systemctl reload nginx`. Where another proxy in"
				" front holds the certificate that visitors see, nothing needs to be done."
			),
			subject="certificate",
			reason=reason,
			**shared,
		)

	def _comfort(self, address: Address, page: Page, shared: dict[str, Any]) -> Answer:
		if not address.secure and any("; secure" in cookie.lower() for cookie in page.cookies):
			yield self.warning(
				_("Log-ins without https do not last: the site marks its cookies as fit for https only."),
				cause=_(
					"{url} is not encrypted, and a browser throws such cookies away: each page asks anew."
				),
				remedy=_(
					"Let visitors come by https only; or see why the web server tells Frappe that they do"
					" (X-Forwarded-Proto): `bench setup nginx` writes it rightly."
				),
				subject="cookies",
				**shared,
			)
		if page.seconds > self.slow_after.total_seconds():
			yield self.warning(
				_("The login page takes {seconds} s."),
				cause=_("The web server has too few workers for its visitors, or the machine is too busy."),
				remedy=_(
					"See the findings on the machine and on requests first; then raise gunicorn_workers and run"
					" `bench setup supervisor`."
				),
				subject="slow",
				seconds=round(page.seconds, 1),
				**shared,
			)
