"""Can batches be collected on the day that they name?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import OPEN, in_batches, subjects, today
from recovery_console.core.checks.sepa._target import is_target_day, next_target_day, target_days_before
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class BatchDate(Check):
	"""Do open batches name a bank day that can still be reached, and that the payers heard of in time?

	Cost: the open batches, and the youngest invoice in each. Batches whose file was made are asked only for the
	bank day; that they are late is another check's business.
	"""

	title = _("Collection dates")

	#: Bank days before the collection date on which the payer's bank must have the file.
	lead_days: int = 1
	#: How long ahead a payer must know of the collection, unless you agreed on less.
	notice: timedelta = timedelta(days=14)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "batch.date", "batch.status"):
			batch, now = profile["batch"].source("b"), today(site)
			query = batch.start(site.db).select(*batch.pick("id", "date", "status"))
			rows = site.db.run(query.where(in_batches(batch, OPEN)))
			dated = [
				(row["id"], on, profile["batch"].logical(row["status"]))
				for row in rows
				if (on := day(row["date"]))
			]
			closed = [(name, on) for name, on, _status in dated if on >= now and not is_target_day(on)]
			yield from self._closed_day(profile, closed)
			late = [
				(name, on)
				for name, on, status in dated
				if status == "draft" and target_days_before(on, self.lead_days) < now
			]
			yield from self._late(profile, late, now)
			if profile.has("line.parent", "line.invoice", "invoice.date"):
				yield from self._unannounced(site, profile, now)

	def _closed_day(self, profile: Profile, batches: list[tuple[Any, date]]) -> Iterator[Finding]:
		if batches:
			yield self.warning(
				_("Batches to be collected on a day on which banks settle nothing: {count}."),
				cause=_(
					"{first_day} is a weekend or a holiday of TARGET; such a file is refused (DT01) or moved."
				),
				remedy=_("Set the collection date to the next bank day, {better}."),
				subject=f"{profile.id}:closed",
				subjects=subjects(profile["batch"].doctype, [name for name, _on in batches]),
				count=len(batches),
				first_day=batches[0][1].isoformat(),
				better=next_target_day(batches[0][1]).isoformat(),
			)

	def _late(self, profile: Profile, batches: list[tuple[Any, date]], now: date) -> Iterator[Finding]:
		if batches:
			better = next_target_day(now + timedelta(days=1))
			while target_days_before(better, self.lead_days) < now:
				better = next_target_day(better + timedelta(days=1))
			yield self.warning(
				_("Drafted batches whose collection date can no longer be reached: {count}."),
				cause=_(
					"The payers' banks must have a collection {lead_days} bank day(s) ahead (else TM01)."
				),
				remedy=_("Move the date to {better} or later and announce it, or delete the draft."),
				subject=f"{profile.id}:late",
				subjects=subjects(profile["batch"].doctype, [name for name, _on in batches]),
				count=len(batches),
				lead_days=self.lead_days,
				better=better.isoformat(),
			)

	def _unannounced(self, site: Site, profile: Profile, now: date) -> Iterator[Finding]:
		batch, line, invoice = (
			profile[name].source(alias) for name, alias in (("batch", "b"), ("line", "l"), ("invoice", "i"))
		)
		query = line.join(batch.start(site.db), line["parent"] == batch["id"])
		query = invoice.join(query, invoice["id"] == line["invoice"])
		rows = site.db.run(
			query.select(*batch.pick("id", "date"), fn.Max(invoice["date"]).as_("announced"))
			.where(in_batches(batch, OPEN, now))
			.groupby(batch["id"], batch["date"])
		)
		short = [
			row["id"]
			for row in rows
			if (on := day(row["date"])) and (told := day(row["announced"])) and on - told < self.notice
		]
		if short:
			yield self.info(
				_(
					"Batches whose youngest invoice is less than {notice_days} days older than the collection: {count}."
				),
				cause=_(
					"The invoice counts as the announcement, and payers may have {notice_days} days unless you agreed on less."
				),
				remedy=_("Move the date if you agreed on nothing shorter; raise this limit if you did."),
				subject=f"{profile.id}:notice",
				subjects=subjects(profile["batch"].doctype, short),
				count=len(short),
				notice_days=self.notice.days,
			)
