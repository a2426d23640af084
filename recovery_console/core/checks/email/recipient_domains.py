"""Are there domains that take none of the site's mails?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email import _failures as failures
from recovery_console.core.checks.email._failures import Failure
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RecipientDomains(Check):
	"""Are there domains whose recipients mostly fail while those of others are served?

	Cost: the failed mails of the window by status with their recipients, and the newest thousand recipients served.
	"""

	title = _("Recipient domains that fail")
	needs = (failures.QUEUE, failures.RECIPIENT)

	window: timedelta = timedelta(days=7)
	at_least: int = 5
	share: float = 0.5
	served_read: int = 1000

	def run(self, site: Site) -> Answer:
		t = table(failures.QUEUE)
		read = failures.read_failures(site, failures.gave_up(t) | failures.will_retry(t), t, self.window)
		failed = [mail for mail in read if not mail.cause.about_account]
		if len(failed) < self.at_least:
			return
		blamed = self._blamed(site, failed)
		served = Counter(map(domain, self._served(site)))
		for name, mails in sorted(blamed.items(), key=lambda item: (-len(item[1]), item[0])):
			share = len(mails) / (len(mails) + served[name])
			elsewhere = served.total() - served[name]
			if len(mails) < self.at_least or share < self.share or not elsewhere:
				continue  # where nothing is served anywhere, the fault is at this end
			yield self.warning(
				_("Mails to {domain} fail: {count}, which is {percent} % of all mails to it."),
				cause=_("Mails to other domains arrive, so it is that domain that refuses them: {example}"),
				remedy=_(
					"Have SPF, DKIM and DMARC of the sender's domain checked, and look this server's address up"
					" in block lists; the code in the error says which it is. Ask the other side's postmaster."
				),
				subject=name,
				subjects=[(failures.QUEUE, mail.name) for mail in mails],
				domain=name,
				percent=round(share * 100),
				served=served[name],
				served_elsewhere=elsewhere,
				reasons=dict(Counter(mail.cause.label for mail in mails).most_common(5)),
				example=mails[0].message,
				window_days=self.window.days,
			)

	def _blamed(self, site: Site, failed: list[Failure]) -> dict[str, list[Failure]]:
		"""Return the failed mails by the domain at which they failed."""
		by_name = {failure.name: failure for failure in failed}
		unserved: dict[str, list[str]] = {}
		r = table(failures.RECIPIENT)
		names = list(by_name)
		for start in range(0, len(names), 500):
			for row in site.db.run(
				site.db.from_(r)
				.select(r["parent"], r.recipient, r.status)
				.where(r["parent"].isin(names[start : start + 500]) & (r.status != "Sent"))
			):
				unserved.setdefault(str(row["parent"]), []).append(str(row["recipient"] or ""))
		blamed: dict[str, list[Failure]] = {}
		for name, recipients in unserved.items():
			failure = by_name[name]
			named = [address for address in recipients if bare(address) in failure.addresses]
			for at in {domain(address) for address in named or recipients[:1]}:
				blamed.setdefault(at, []).append(failure)
		return blamed

	def _served(self, site: Site) -> Iterable[str]:
		r = table(failures.RECIPIENT)
		since = site.ago(self.window)
		rows = site.db.run(
			site.db.from_(r)
			.select(r.recipient)
			.where((r.status == "Sent") & (r.modified >= since) & (r.creation >= since))
			.orderby(r.modified, order=Order.desc)
			.limit(self.served_read)
		)
		return [str(row["recipient"] or "") for row in rows]


def bare(recipient: str) -> str:
	"""Return the address without a display name."""
	return recipient.rpartition("<")[2].rstrip("> ").strip().lower()


def domain(recipient: str) -> str:
	"""Return the domain of a recipient."""
	return bare(recipient).rpartition("@")[2]
