"""Why did this import fail?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.backends.rq_records import Job
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import Logged, Run
from recovery_console.core.finding import _
from recovery_console.core.times import in_words
from recovery_console.core.why import Given, Repair, Step, Verdict, Why, asks

MOST_WARNINGS = 5
#: Who waits longer for a worker waits for one that does not come, as in ``imports.pending``.
PATIENCE = timedelta(minutes=15)


class DataImport(Why):
	"""From the file to the last row: where did this import stop, and what is left of it?

	Cost: one import by key, its log rows by time, its job by id.
	"""

	id = "import"
	title = _("Why did this import fail?")
	question = _("Why did the import {name} fail?")
	takes = (
		Given(
			"name",
			_("Import"),
			required=True,
			doctype_in="doctype",
			hint=_("The name of a Data Import, such as Item Import on 2026-11-20."),
		),
		Given("doctype", _("Kind of import"), choices=tuple(imports.KINDS)),
	)
	healthy = _("Nothing stands in the way of this import.")

	run: Run
	log: Logged

	def with_names(self, runbook: str) -> Repair:
		return Repair(runbook, {"names": [self.run.name]})

	@asks(_("Is there such an import?"))
	def exists(self) -> Step:
		doctype, name = self.given["doctype"], self.given["name"]
		found = imports.named(self.site, doctype, name)
		if found is None:
			return self.blocked(
				_("No: this site has no {doctype} {name}."),
				_("Look in the list of imports; it may have been deleted."),
				ends=True,
				doctype=doctype,
				name=name,
			)
		self.run = found
		if found.status == "Success":
			self.healthy = _("This import did not fail: all its rows are in.")
		return self.ok(
			_("Yes: into {into}, with the status {status}, last changed at {changed}."),
			subjects=[found.subject],
			into=found.into,
			status=found.status,
			changed=f"{self.site.db_time(found.changed):%Y-%m-%d %H:%M}" if found.changed else "?",
		)

	@asks(_("Is its file there?"))
	def has_file(self) -> Step:
		if not self.run.has_source:
			return self.blocked(
				_("No: no file is attached to it."),
				_("Attach the file and start it."),
				repairs=[Repair("attach-import-file")],
				subjects=[self.run.subject],
			)
		if not imports.on_disk(self.site, self.run.file):
			return self.blocked(
				_("No: {file} is gone from disk."),
				_("Attach the file again, or bring it back from a backup of the files."),
				repairs=[Repair("attach-import-file")],
				subjects=[self.run.subject],
				file=self.run.file,
			)
		t = table("File")
		known = self.site.db.count(self.site.db.from_(t).where(t.file_url == self.run.file))
		if self.run.file.startswith(tuple(imports.FOLDERS)) and not known:
			return self.blocked(
				_("Only half: {file} is on disk, but has no File document, which Frappe asks for."),
				repairs=[self.with_names("give-imports-their-file-back")],
				subjects=[self.run.subject],
				file=self.run.file,
			)
		return self.ok(_("Yes."), file=self.run.file or _("on the web"))

	@asks(_("Does Frappe accept the file?"))
	def accepted(self) -> Step:
		warnings = imports.serious(self.run.warnings)
		if not warnings:
			return self.ok(_("Yes: there is no warning about it."))
		texts = [imports.plain(str(warning.get("message", ""))) for warning in warnings]
		check = Repair("check-import-file", {"file": self.run.file, "doctype": self.run.into})
		return self.blocked(
			_("No: with a warning Frappe imports nothing and says nothing: {first}"),
			_(
				"Correct what the warnings name in the file, attach it again, clear the warnings and start it."
			),
			repairs=[check, self.with_names("clear-import-warnings")],
			subjects=[self.run.subject],
			first=texts[0],
			warnings=list(dict.fromkeys(texts))[:MOST_WARNINGS],
			count=len(warnings),
			rows=imports.shown(sorted({w["row"] for w in warnings if isinstance(w.get("row"), int)})),
		)

	@asks(_("Did it begin?"))
	def began(self) -> Step:
		self.log = imports.logged(self.site, [self.run]).get(self.run.name, Logged())
		if self.log.records or self.run.status != "Pending":
			return self.ok(_("Yes."))
		job = imports.jobs(self.site, [self.run]).get(self.run.name)
		if job is None:
			return self.blocked(
				_("No: it was never started, or its job was lost."),
				_("Press Start Import, or let the console start it."),
				repairs=[self.with_names("start-import")],
				subjects=[self.run.subject],
			)
		if not imports.alive(self.site, job):
			known, answers = self.explained(self._exception(job.id))
			return self.blocked(
				_("No: its job ended before the first row; the queue knows it as {status}."),
				_("Put right what its error says, then start it again."),
				repairs=[*answers, self.with_names("start-import")],
				subjects=[self.run.subject],
				status=job.status,
				job=job.id,
				**known,
			)
		if job.status == "started":
			self.healthy = _("This import did not fail: it is at work.")
			return self.ok(_("It is beginning now."))
		return self._waits(job)

	def _waits(self, job: Job) -> Step:
		age = self.site.now() - job.enqueued_at if job.enqueued_at else timedelta(0)
		step = self._workers(_("Not yet: its job waits for a worker."))
		if step.verdict is not Verdict.OK:
			return step
		facts: dict[str, Any] = {"age": in_words(age), "queue": job.queue}
		if age > PATIENCE:
			return self.blocked(
				_("Not yet: its job has waited for {age} in the queue {queue}, behind others."),
				_("See what keeps the workers busy; the import then begins by itself."),
				repairs=[Repair("more-workers")],
				subjects=[self.run.subject],
				**facts,
			)
		self.healthy = _("This import did not fail: it waits for a worker.")
		return self.ok(_("Not yet: its job has waited for {age} in the queue {queue}."), **facts)

	def _exception(self, job_id: str) -> str:
		found = self.site.queue.jobs([job_id], with_exception=True)
		return found[0].exception if found else ""

	def _workers(self, ok: str) -> Step:
		return self.by_checks(
			"jobs.redis", "jobs.workers", "jobs.unserved_queues", "scheduler.enabled", ok=ok
		)

	@asks(_("Did it get to its last row?"))
	def ended(self) -> Step:
		run, log = self.run, self.log
		facts: dict[str, Any] = {
			"done": log.done,
			"failed": log.failed,
			"of": run.total,
			"left": None if run.total is None else max(run.total - log.records, 0),
		}
		if run.status == "Success":
			return self.ok(_("Yes: {done} rows are in."), **facts)
		job = imports.jobs(self.site, [run]).get(run.name)
		if job is not None and imports.alive(self.site, job):
			if job.status != "started":
				return self.skipped(_("It has not begun."))
			self.healthy = _("This import did not fail: it is at work.")
			return self.ok(_("It is at work now: {done} rows are in, {left} are left."), **facts)
		if run.status == "Timed Out":
			return self._stopped(
				_("No: it ran out of time. {done} rows are in, {failed} failed, {left} are left."), facts
			)
		if log.stops_short(run):
			return self._stopped(
				_(
					"No: it stopped half-way, its worker ended. {done} rows are in, {failed} failed, {left} are left."
				),
				facts,
			)
		if run.status == "Error" and not log.records:
			return self._broke_off(facts)
		return self.ok(_("Yes: {done} rows are in, {failed} failed."), **facts)

	def _stopped(self, text: str, facts: dict[str, Any]) -> Step:
		return self.blocked(
			text,
			_("Let it go on: rows that are in are skipped, the others are tried. Nothing comes in twice."),
			repairs=[self.with_names("resume-import")],
			subjects=[self.run.subject],
			**facts,
		)

	def _broke_off(self, facts: dict[str, Any]) -> Step:
		t = table("Error Log")
		since = self.site.db_time(self.run.created) if self.run.created else self.site.now()
		rows = self.site.db.run(
			self.site.db.from_(t)
			.select(t["name"], t.error)
			.where((t.creation >= since) & (t.modified >= since))
			.where((t.reference_doctype == self.run.doctype) & (t.reference_name == self.run.name))
			.limit(1)
		)
		error = str(rows[0]["error"] or "") if rows else ""
		known, answers = self.explained(error)
		return self.blocked(
			_("No: it broke off before its first row: {error}")
			if error
			else _("No: it broke off before its first row."),
			_("Put right what its Error Log says, then start it again."),
			repairs=[*answers, self.with_names("start-import")],
			subjects=[self.run.subject, *(("Error Log", str(row["name"])) for row in rows)],
			error=imports.last_line(error),
			**facts,
			**known,
		)

	@asks(_("Are all its rows in?"))
	def rows_are_in(self) -> Step:
		if not self.log.failed:
			return self.ok(_("No row is recorded as failed."))
		rows = imports.failed_rows(self.site, [self.run]).get(self.run.name, [])
		reasons = imports.reasons(self.site, [self.run])
		first = next(iter(reasons), "")
		known, answers = self.explained(first)
		return self.blocked(
			_("No: records that failed: {failed}; most often: {first}"),
			_(
				"Correct these rows in the file, attach it again, and try the failed rows again; the others stay."
			),
			repairs=[*answers, self.with_names("export-failed-rows"), self.with_names("retry-failed-rows")],
			subjects=[self.run.subject],
			failed=self.log.failed,
			first=first,
			reasons=reasons,
			rows=imports.shown(rows),
			**known,
		)

	@asks(_("Can an import run now?"))
	def can_run(self) -> Step:
		if self.run.status == "Success":
			return self.skipped(_("It is done."))
		return self._workers(_("Yes: queue, workers and scheduler are there."))
