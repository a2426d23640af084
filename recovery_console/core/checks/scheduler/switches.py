"""Is the scheduler switched off in a configuration file?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._switches import SETTINGS, Switch, find_switch
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words, minutes


@dataclass(frozen=True)
class Switches(Check):
	"""Is the scheduler paused or disabled in a configuration file, or held by a restart that never ended?

	Cost: none; the files are read when the site is opened. One look for a file.
	"""

	title = _("Scheduler switched off by file")
	explained_by = ("config.readable", "scheduler.maintenance")

	#: Frappe 15 waits while a restart is going on; no restart takes longer than this.
	longest_restart: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		for key in SETTINGS:
			if switch := find_switch(site, key):
				yield self._switched_off(switch)
		if site.frappe_major == 15:
			yield from self._restarting(site)

	def _switched_off(self, switch: Switch) -> Finding:
		return self.critical(
			_("The scheduler is switched off for all sites of this bench: {key} in {file}.")
			if switch.is_common
			else _("The scheduler is switched off: {key} in {file}."),
			cause=_(
				"{meaning} Nothing that runs by itself does so now: mail is not sent, reports, reminders, recurring"
				" invoices and clean-ups do not happen. An import refuses to start."
			),
			remedy=_("If nobody wants it so: {command}. {text_note}"),
			subject=switch.key,
			subjects=[("File", str(switch.path))],
			key=switch.key,
			file=str(switch.path),
			value=switch.shown,
			scope=switch.scope,
			meaning=SETTINGS[switch.key],
			command=switch.command,
			text_note=_("Its value is the text {0}, which Frappe takes for yes.").format(switch.shown)
			if isinstance(switch.value, str)
			else "",
			file_changed=switch.file_changed,
		)

	def _restarting(self, site: Site) -> Iterator[Finding]:
		file = site.files.stat(site.bench / "sites" / ".restarting")
		if file is None:
			return
		age = site.now() - file.modified
		if age < self.longest_restart:
			return
		yield self.critical(
			_("The scheduler waits for a restart that began {age} ago."),
			cause=_(
				"While the file {file} is there, Frappe 15 queues nothing for any site of the bench. A restart that was"
				" cut off left it behind."
			),
			remedy=_("See that no restart is going on, then delete the file: `rm {file}`."),
			subject=".restarting",
			subjects=[("File", str(file.path))],
			file=str(file.path),
			scope="bench",
			age=in_words(age),
			age_minutes=minutes(age),
			since=file.modified,
		)
