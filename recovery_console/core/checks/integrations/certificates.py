"""Do browsers trust this site, and for how long still?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from recovery_console.core.backends.network import Shown, certificate
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.integrations._domains import own_domains
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class Certificates(Check):
	"""Does each of the site's own domains show a valid certificate that does not run out soon?

	Cost: one or two connections per domain, at most ten domains, a few seconds each at worst. No page is asked
	for. Looks only when it is asked to.
	"""

	title = _("Certificates of the site's domains")
	on_request = True
	budget: ClassVar[timedelta] = timedelta(seconds=60)

	port: int = 443
	soon: timedelta = timedelta(days=21)
	very_soon: timedelta = timedelta(days=7)
	most_domains: int = 10

	def run(self, site: Site) -> Answer:
		domains = own_domains(site, self.port)
		if not domains:
			raise NotApplicable(
				_("This site's configuration names no domain with https (host_name or domains).")
			)
		for domain, port in list(domains.items())[: self.most_domains]:
			shown = certificate(domain, port)
			if shown.failed:
				yield self._silent(domain, port, shown.failed)
				continue
			left = None if shown.expires is None else shown.expires - site.now()
			if left is not None and left < self.soon:
				yield self._runs_out(domain, left, shown)
			elif shown.distrust:
				yield self._distrusted(domain, shown.distrust)

	def _runs_out(self, domain: str, left: timedelta, shown: Shown) -> Finding:
		expired = left <= timedelta(0)
		return (self.critical if left < self.very_soon else self.warning)(
			_("The certificate of {domain} has expired: browsers refuse the site.")
			if expired
			else _("The certificate of {domain} expires in {left}."),
			cause=_("Nobody renewed it, or its automatic renewal does not work."),
			remedy=_(
				"Renew it on the machine that holds it: `sudo certbot renew` where it comes from Let's Encrypt, then"
				" `sudo systemctl reload nginx`. See why it was not renewed by itself."
			),
			subject=domain,
			subjects=[("Domain", domain)],
			domain=domain,
			left=in_words(abs(left)),
			expires=shown.expires,
		)

	def _distrusted(self, domain: str, reason: str) -> Finding:
		return self.warning(
			_("Browsers do not trust the certificate of {domain}: {reason}."),
			cause=_(
				"It is made for another name, not signed by an authority that browsers know, or sent without the"
				" certificates in between."
			),
			remedy=_(
				"Get a certificate for {domain}, such as with `sudo bench setup lets-encrypt SITE --custom-domain"
				" {domain}`, and configure the web server with its full chain."
			),
			subject=domain,
			subjects=[("Domain", domain)],
			domain=domain,
			reason=reason,
		)

	def _silent(self, domain: str, port: int, why: str) -> Finding:
		return self.warning(
			_("{domain} shows no certificate at port {port}: {reason}."),
			cause=_(
				"This machine asked for it and got none. It may be that only this machine is kept from reaching the"
				" site by its public name: then its certificate could not be looked at from here."
			),
			remedy=_(
				"Open https://{domain} from elsewhere. If it fails there too, see that the web server runs and that the"
				" name leads to it."
			),
			subject=domain,
			subjects=[("Domain", domain)],
			domain=domain,
			port=port,
			reason=_REASONS[why],
		)


_REASONS = {
	"name": _("its name leads nowhere"),
	"refused": _("the connection was refused"),
	"timeout": _("nobody answered in time"),
	"tls": _("what answers there does not encrypt"),
	"unreachable": _("it cannot be reached"),
}
