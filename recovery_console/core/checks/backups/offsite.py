"""Do copies of the backups still reach another place?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.backups._services import SERVICES, Service
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=31)}


@dataclass(frozen=True)
class Offsite(Check):
	"""Where copies to S3, Dropbox or Google Drive are switched on: do they still run, and who hears of failures?

	Cost: a few settings, one row of Scheduled Job Type for each service. The service itself is not asked.
	"""

	title = _("Copies in another place")
	needs = ("DocType", "Scheduled Job Type")

	#: Late after the usual time and this much.
	grace: timedelta = timedelta(days=1)

	def run(self, site: Site) -> Answer:
		used = [service for service in self._known(site) if site.single_int(service.doctype, service.enabled)]
		if not used:
			raise NotApplicable(_("Copies to S3, Dropbox or Google Drive are not switched on."))
		for service in used:
			yield from self._late(site, service)
			if not site.single(service.doctype, service.notify):
				yield self.warning(
					_("Nobody hears when the copy to {service} fails."),
					cause=_(
						"Frappe reports a failed copy by mail only, and no address is set. The job itself is shown as"
						" complete."
					),
					remedy=_("Enter an address that is read in {service}, and save."),
					subject=f"notify {service.doctype}",
					subjects=[("DocType", service.doctype)],
					service=service.doctype,
				)

	@staticmethod
	def _known(site: Site) -> list[Service]:
		t = table("DocType")
		names = [service.doctype for service in SERVICES]
		rows = site.db.run(site.db.from_(t).select(t["name"]).where(t["name"].isin(names)))
		found = {row["name"] for row in rows}
		return [service for service in SERVICES if service.doctype in found]

	def _late(self, site: Site, service: Service) -> Iterator[Finding]:
		frequency = (site.single(service.doctype, service.frequency) or "").lower()
		every = _EVERY.get(frequency)
		last = None if every is None else self._last(site, service, frequency)
		since = last or site.moment(site.single(service.doctype, "modified"))
		if every is not None and (since is None or site.now() - since > every + self.grace):
			yield self.warning(
				_("No copy was taken to {service} for too long."),
				cause=_(
					"It is set to {frequency}; the last one: {when}. The scheduled job is stopped or fails, or access"
					" was withdrawn. If this machine is lost, so are the backups on it."
				),
				remedy=_(
					"Open {service} and take a backup with its button; the mail or Error Log says what is wrong. Look at"
					" the job in Scheduled Job Type."
				),
				subject=f"late {service.doctype}",
				subjects=[("DocType", service.doctype)],
				service=service.doctype,
				frequency=frequency,
				when=_("{0} days ago").format((site.now() - last).days) if last else _("never"),
				last=last,
			)
		elif every is None:
			yield self.warning(
				_("Copies to {service} are switched on, but never made."),
				cause=_("No frequency is chosen."),
				remedy=_("Choose one in {service}, and save."),
				subject=f"never {service.doctype}",
				subjects=[("DocType", service.doctype)],
				service=service.doctype,
			)

	@staticmethod
	def _last(site: Site, service: Service, frequency: str) -> datetime | None:
		"""Return when a copy was last taken, or at least tried."""
		if service.doctype == "Google Drive":
			return site.moment(site.single(service.doctype, "last_backup_on"))
		t = table("Scheduled Job Type")
		return site.moment(
			site.db.value(
				site.db.from_(t).select(t.last_execution).where(t.method == service.jobs + frequency).limit(1)
			)
		)
