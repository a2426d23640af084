"""Release mails that stayed behind in Sending."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._mails import QUEUE, RECIPIENT, Recipients
from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Edit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.meta import aliased
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed, inserted, whole_rows
from recovery_console.core.site import Site

#: What to do about the one recipient of a mail that may have had it already.
CHOICES = ("hold", "send")
#: Jobs whose worker gave a sign of life within this time are at work.
ALIVE = timedelta(minutes=10)


@dataclass(frozen=True)
class ReleaseStuck(Action):
	"""Put mails whose sender died back in the queue, for the recipients that have not had them.

	Frappe serves the recipients of a mail in their order and marks each once the server took the mail. So those
	marked are served, and those behind the first that is not are not. That first one was being served when the
	sender died and may have the mail or not: with ``unclear`` at ``hold`` it is not sent again but kept as a mail
	of its own in Error, for a person to decide; with ``send`` it is sent and may arrive twice.
	"""

	title = "Release mails stuck in Sending"
	risk = Risk.DISRUPTIVE
	needs = (QUEUE, RECIPIENT)
	checks = ("email.stuck_sending",)

	names: tuple[str, ...] = ()
	unclear: str = "hold"
	older_than: timedelta = timedelta(minutes=15)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		if self.unclear not in CHOICES:
			raise UsageError(
				f"{self.unclear!r} is no answer to what becomes of an unclear recipient.",
				remedy="Give unclear=hold (keep it for a person to decide) or unclear=send (it may arrive twice).",
			)
		stuck = self._stuck(site)
		busy_since = self._sending_since(site)
		found = mails.recipients(site, [str(row["name"]) for row in stuck])
		kept = [row for row in stuck if not _may_be_at_work(site, row, busy_since)]
		unclear = [
			(str(row["name"]), found[str(row["name"])].waiting[0])
			for row in kept
			if found[str(row["name"])].waiting
		]
		return self.planned(
			site,
			_("Mails to release that are stuck in Sending: {count}"),
			self._batches(site, kept, found),
			most=self.most,
			warnings=[*self._warnings(unclear), *mails.late(site, kept), *mails.why_held(site)],
			left_out=mails.left(
				[
					*(
						(str(row["name"]), _("A worker that sends mail is running and may be at this one."))
						for row in stuck
						if row not in kept
					),
					*(
						(name, _("Unclear, not sent again: recipient {0}.").format(row["recipient"]))
						for name, row in (unclear if self.unclear == "hold" else ())
					),
				]
			),
			certainly_waiting=sum(max(len(found[str(row["name"])].waiting) - 1, 0) for row in kept),
			unclear_recipients=len(unclear),
		)

	def _stuck(self, site: Site) -> list[dict[str, Any]]:
		columns = ("status", "modified", "creation", "error")
		limit = site.ago(self.older_than)
		moving = self._moving(site, limit)
		if self.names:
			rows = mails.named(site, self.names, columns, ("Sending",))
			for row in rows:
				fresh = (site.age(row["modified"]) or timedelta(0)) <= self.older_than
				if fresh or str(row["name"]) in moving:
					raise UsageError(
						f"The mail {row['name']!r} is not stuck: it is being sent now.",
						remedy="Wait until it, or one of its recipients, has not changed for longer than older_than.",
					)
			return rows
		t = table(QUEUE)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], *(t[column] for column in columns))
			.where((t["status"] == "Sending") & (t["modified"] < limit))
			.orderby(t["modified"], t["name"])
			.limit(self.most + len(moving) + 1)
		)
		return [row for row in rows if str(row["name"]) not in moving]

	@staticmethod
	def _moving(site: Site, since: datetime) -> set[str]:
		"""Return mails to many recipients that are still being sent."""
		q, r = aliased(QUEUE, "q"), aliased(RECIPIENT, "r")
		rows = site.db.run(
			site.db.from_(r)
			.join(q)
			.on(q["name"] == r["parent"])
			.select(q["name"])
			.distinct()
			.where((r["status"] == "Sent") & (r["modified"] >= since) & (q["status"] == "Sending"))
		)
		return {str(row["name"]) for row in rows}

	@staticmethod
	def _sending_since(site: Site) -> datetime | None:
		"""Return when the oldest job that sends this site's mail, and whose worker lives, began; None: none does."""
		ids = [
			entry.id
			for queue in site.queue.names()
			for entry in site.queue.registry_ids(queue, "started")
			if belongs_to(entry.id, site.name)
		]
		begun = [
			job.started_at
			for job in site.queue.jobs(ids)
			if "email" in f"{job.does} {job.method}".lower()
			and job.started_at is not None
			and job.last_heartbeat is not None
			and site.now() - job.last_heartbeat <= ALIVE
		]
		return min(begun, default=None)

	def _batches(
		self, site: Site, stuck: list[dict[str, Any]], found: dict[str, Recipients]
	) -> Iterator[Batch]:
		now = site.ago(timedelta(0))
		for row in stuck:
			served = found[str(row["name"])]
			if not served.waiting:
				edit: Edit = changed(QUEUE, row, status="Sent", modified=now)
				yield batch(QUEUE, row["name"], edit, why=_("Every recipient has had it."))
			elif self.unclear == "send":
				edit = changed(QUEUE, row, status=served.open_status(), modified=now)
				yield batch(QUEUE, row["name"], edit)
			elif len(served.waiting) == 1:
				after = {"status": "Error", "error": mails.UNCLEAR_TEXT, "modified": now}
				yield batch(
					QUEUE, row["name"], changed(QUEUE, row, **after), why=_("Its last recipient is unclear.")
				)
			else:
				yield self._parted(site, row, served, now)

	@staticmethod
	def _parted(site: Site, row: dict[str, Any], served: Recipients, now: datetime) -> Batch:
		"""Give the unclear recipient a mail of its own in Error, and send the mail to the others."""
		first = served.waiting[0]
		name = hashlib.sha256(f"{row['name']} {first['name']}".encode()).hexdigest()[:10]
		t = table(QUEUE)
		(whole,) = whole_rows(site, site.db.from_(t).where(t["name"] == row["name"]))
		own = {**whole, "name": name, "status": "Error", "error": mails.UNCLEAR_TEXT, "modified": now}
		return batch(
			QUEUE,
			row["name"],
			inserted(QUEUE, own),
			changed(RECIPIENT, first, parent=name),
			changed(QUEUE, row, status=served.open_status(), modified=now),
			why=_("One recipient is unclear and is kept apart in the mail {0}.").format(name),
		)

	def _warnings(self, unclear: list[tuple[str, Any]]) -> list[str]:
		if not unclear:
			return []
		if self.unclear == "send":
			return [
				_(
					"In each of these mails one recipient may have had it already, the one that was being served"
					" when the sender died: {0}. They may get it twice."
				).format(_shown([str(row["recipient"]) for _name, row in unclear]))
			]
		return [
			_(
				"Recipients of whom it is not known whether they had the mail: {0}. They are not sent to again; each"
				" stays in the Email Queue in Error. Ask them, then send again with email.requeue_failed and the"
				" mail's name."
			).format(len(unclear))
		]


def _may_be_at_work(site: Site, row: dict[str, Any], busy_since: datetime | None) -> bool:
	"""Tell whether a job that runs now can be the one that set this mail to Sending: it began before that."""
	if busy_since is None:
		return False
	changed_at = site.moment(row["modified"])
	return changed_at is None or busy_since <= changed_at


def _shown(names: list[str]) -> str:
	rest = len(names) - 5
	return ", ".join(names[:5]) + (f" and {rest} more" if rest > 0 else "")
