"""Does the login page come?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar

from recovery_console.core.backends.http import Page
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._front_door import login_page
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: As Frappe 15 and 16 write it: with single and with double quotes.
_SITE = re.compile(r"""(['"])sitename\1:\s*\1([^'"]{1,140})\1""")
_BEHIND = (502, 503, 504)
_REASONS = {
	"name": _("the name of its machine leads nowhere"),
	"refused": _("nothing listens there"),
	"timeout": _("no answer came in time"),
	"tls": _("what answers there does not encrypt"),
	"unreachable": _("there is no way to it"),
	"broken": _("what answers there is no web server"),
}


@dataclass(frozen=True)
class LoginPage(Check):
	"""Does the site's own web server answer with this site's login page, in time?

	It is asked on this machine: at nginx, where the bench's nginx.conf names the site, else at the bench's own web
	server. What lies between it and the visitors, such as a proxy of somebody else's, is not seen.

	Cost: one page from the site's web server, as one visitor costs. Looks only when it is asked to.
	"""

	title = _("Login page")
	on_request = True
	explained_by = (
		*("config.readable", "config.apps_installed", "database.reachable", "cache.reachable"),
		*("scheduler.maintenance",),
	)
	budget: ClassVar[timedelta] = timedelta(seconds=30)

	host: str = "127.0.0.1"
	#: 0: as the configuration says.
	port: int = 0
	within: timedelta = timedelta(seconds=10)

	def run(self, site: Site) -> Answer:
		address, page = login_page(site, self.host, self.port, self.within.total_seconds())
		shared = {
			"url": address.url,
			"port": address.port,
			"site": site.name,
			"subjects": [("Site", site.name)],
		}
		if page.failed:
			yield self._silent(page.failed, shared)
			return
		yield self.measure(login_page_ms=round(page.seconds * 1000))
		if page.status != 200:
			yield self._refused(page, shared)
			return
		served = _SITE.search(page.text)
		if served is None or served[2] != site.name:
			yield self._another(served[2] if served else "", shared)

	def _silent(self, why: str, shared: dict[str, Any]) -> Finding:
		return self.critical(
			_("The web server does not answer: {reason}."),
			cause=_("{url} was asked for on this machine, at port {port}. Nobody can open the site."),
			remedy=_(
				"See whether it runs: `sudo supervisorctl status`, and `sudo systemctl status nginx` where nginx stands in"
				" front. Start what is stopped with `bench restart` or `sudo systemctl restart nginx`; its last words"
				" stand in logs/web.error.log of the bench."
			),
			subject="silent",
			reason=_REASONS[why],
			**shared,
		)

	def _refused(self, page: Page, shared: dict[str, Any]) -> Finding:
		behind = page.status in _BEHIND
		moved = page.status // 100 == 3
		return self.critical(
			_("Instead of the login page the web server sends visitors on, to {location}.")
			if moved
			else _("Instead of the login page the web server answers with error {status}."),
			cause=_("nginx runs, but Frappe behind it does not answer, or is under maintenance.")
			if behind
			else _("The web server runs. The page of {url} cannot be made, or it does not know this site."),
			remedy=_(
				"Start Frappe: `bench restart`. If the error stays, read logs/web.error.log of the bench."
			)
			if behind
			else _(
				"Look for the error in Error Log or at the end of logs/web.error.log. If the site is not known there,"
				" compare the name {site} with `bench setup nginx` and the domains in site_config.json."
			),
			subject="refused",
			status=page.status,
			location=page.location.partition("?")[0],
			**shared,
		)

	def _another(self, served: str, shared: dict[str, Any]) -> Finding:
		return self.critical(
			_("At {url} another site answers: {served}.")
			if served
			else _("At {url} something answers that is not Frappe."),
			cause=_(
				"The web server does not lead this name to this site: another program has its port, or the request fell"
				" to the bench's default site."
			),
			remedy=_(
				"Write the web server's configuration again with `bench setup nginx` and `sudo systemctl reload nginx`;"
				" without nginx see default_site and serve_default_site in common_site_config.json."
			),
			subject="another",
			served=served,
			**shared,
		)
