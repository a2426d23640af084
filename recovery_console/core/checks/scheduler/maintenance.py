"""Is the site in maintenance mode, and does an update still run?"""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.scheduler._switches import Switch, find_switch
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: Commands of bench that put a site into maintenance mode, or that nobody should disturb.
UPDATES = frozenset({"migrate", "update", "restore", "install-app", "uninstall-app", "switch-to-branch"})
#: Held by a migration of this site, and taken with a second of patience.
LOCK = "locks/bench_migrate.lock"


@dataclass(frozen=True)
class Maintenance(Check):
	"""Is the site in maintenance mode, and was it left so by an update that failed?

	Cost: none when it is not; else the processes of this machine, and a lock file.
	"""

	title = _("Maintenance mode")
	explained_by = ("config.readable",)

	#: An update that runs longer than this deserves a look.
	long_update: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		switch = find_switch(site, "maintenance_mode")
		if switch is None:
			return
		running, since = running_update(site)
		if not running:
			yield self._left(site, switch)
			return
		age = site.now() - (since or switch.file_changed or site.now())
		report = self.warning if age > self.long_update else self.info
		yield report(
			_("The site is in maintenance mode, and an update is running."),
			cause=_("Running: {running}. Until it ends, nobody can work and the scheduler rests."),
			remedy=_("Let it end. If it does not, look where it stands before you stop it: {logs}."),
			subjects=[("File", str(switch.path))],
			running=running,
			since=since,
			file=str(switch.path),
			scope=switch.scope,
			logs=str(site.bench / "logs"),
		)

	def _left(self, site: Site, switch: Switch) -> Finding:
		by_update = switch.is_common and bool(site.config.common.values.get("pause_scheduler"))
		return self.critical(
			_("All sites of this bench are in maintenance mode, and no update is running.")
			if switch.is_common
			else _("The site is in maintenance mode, and no update is running."),
			cause=_(
				"maintenance_mode and pause_scheduler are both set in {file}, as `bench update` does when it begins. It"
				" clears them at its end, so it failed or was stopped before. Users get a page that says to come back"
				" later, and nothing scheduled runs."
			)
			if by_update
			else _(
				"maintenance_mode is set in {file}: by hand, or by an update that did not end. Users get a page that"
				" says to come back later, and nothing scheduled runs."
			),
			remedy=_(
				"Finish the update first, so that nobody works on a half-changed site: `bench --site {site} migrate`."
				" When it ends without an error: {commands}."
			),
			subjects=[("File", str(switch.path))],
			file=str(switch.path),
			key=switch.key,
			value=switch.shown,
			scope=switch.scope,
			site=site.name,
			commands=f"{switch.command}, `bench set-config -g pause_scheduler 0`"
			if by_update
			else switch.command,
			file_changed=switch.file_changed,
		)


def running_update(site: Site) -> tuple[str, datetime | None]:
	"""Return the update that runs now and when it began, as far as that is known; empty where none runs."""
	for process in site.host.bench_processes():
		if UPDATES.intersection(process.command) and any("bench" in part for part in process.command):
			return " ".join(process.command[-4:]), process.started
	return (f"migrate ({LOCK})", None) if site.files.is_locked(LOCK) else ("", None)
