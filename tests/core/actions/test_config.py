"""Actions on the configuration and the scheduler: what they refuse, and that no secret shows."""

from __future__ import annotations

import base64
import fcntl
import json
import os

import pytest

from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.render_run import run_as_dict
from tests.core.actions._trying import breaks, planned, writable
from tests.faults.jobs._keys import worker_of
from tests.support.repairs import engine, start, to_the_end
from tests.support.sample import SampleSite

OTHER_KEY = base64.urlsafe_b64encode(b"another key of 32 bytes for sure").decode()


@pytest.mark.parametrize("action", ["config.leave_maintenance", "scheduler.resume"])
def test_nothing_is_switched_back_while_a_migration_runs(site: SampleSite, action: str) -> None:
	site.set_config(maintenance_mode=1, pause_scheduler=1)
	with (site.path / "locks" / "bench_migrate.lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		with pytest.raises(UsageError, match="update"):
			planned(site, action)
	assert planned(site, action).count == 1


def test_a_half_finished_update_is_not_opened_to_users(site: SampleSite) -> None:
	breaks(site, "scheduler.maintenance_left_by_update")
	breaks(site, "config.patches_not_run")
	works = engine(site)
	run = to_the_end(works, start(works, "leave-maintenance", {}, site), site)
	assert run.state.value == "Failed"
	assert site.bench.common_config()["maintenance_mode"] == 1


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "no-such-copy.json", "<b>x</b>"])
def test_only_copies_in_the_backups_are_taken(site: SampleSite, name: str) -> None:
	site.config_path.write_text("")
	with pytest.raises(UsageError, match="no good copy"):
		planned(site, "config.restore_site_config", backup=name)


def test_a_damaged_copy_is_passed_over(site: SampleSite) -> None:
	copies = sorted((site.path / "private" / "backups").glob("*-site_config_backup.json"))
	copies[-1].write_text("{")
	site.config_path.write_text("")
	plan = planned(site, "config.restore_site_config")
	assert plan.evidence["backup"] == copies[-2].name


def test_a_readable_configuration_is_not_replaced(site: SampleSite) -> None:
	with pytest.raises(UsageError, match="can be read"):
		planned(site, "config.restore_site_config")


def test_a_key_that_opens_something_is_never_replaced(site: SampleSite) -> None:
	breaks(site, "config.earlier_key_in_a_backup")
	with pytest.raises(UsageError, match="not replaced"):
		planned(site, "config.restore_key")


def test_keys_and_passwords_are_shown_nowhere(site: SampleSite) -> None:
	site.set_config(encryption_key=OTHER_KEY)
	works = engine(site)
	run = start(works, "restore-encryption-key", {}, site)
	with writable(site) as opened:
		shown = json.dumps(run_as_dict(run, works.actions, opened), default=str)
	assert site.encryption_key not in shown
	assert OTHER_KEY not in shown
	assert "encryption_key" in shown


def test_no_key_is_made_up(site: SampleSite) -> None:
	for copy in (site.path / "private" / "backups").glob("*-site_config_backup.json"):
		copy.write_text(json.dumps({**json.loads(copy.read_text()), "encryption_key": OTHER_KEY}))
	site.unset_config("encryption_key")
	with pytest.raises(UsageError, match="No key"):
		planned(site, "config.restore_key")


def test_passwords_without_a_key_are_left_out(site: SampleSite) -> None:
	breaks(site, "config.key_made_anew")
	plan = planned(site, "config.reencrypt_passwords")
	assert plan.count == 0
	assert len(plan.left_out) == 2


@pytest.mark.parametrize(
	"address",
	[
		"javascript:alert(1)",
		"https://user:secret@erp.example.org",
		"http://localhost:8000",
		"https://erp example org",
		"<b>x</b>",
		"https://" + "a" * 400,
	],
)
def test_links_do_not_begin_with_nonsense(site: SampleSite, address: str) -> None:
	with pytest.raises(UsageError):
		planned(site, "config.set_host_name", address=address)


@pytest.mark.parametrize("cron", ["", "* * * *", "75 * * * *", "0 0 31 2 *", "'; DROP TABLE x --", "x" * 500])
def test_a_cron_line_must_have_a_next_time(site: SampleSite, cron: str) -> None:
	with pytest.raises(UsageError):
		planned(site, "scheduler.set_cron", name="frappe.deferred_insert.save_to_db", cron=cron)


def test_an_unknown_job_type_is_refused(site: SampleSite) -> None:
	for action in ("restart_stopped", "stop_types", "reset_clock", "run_now"):
		with pytest.raises(UsageError):
			planned(site, f"scheduler.{action}", names=["no.such.method"])


def test_a_secret_that_another_site_lives_on_stays(site: SampleSite) -> None:
	breaks(site, "config.site_key_in_shared_config")
	other = site.bench.folder / "sites" / "other.example.org"
	other.mkdir()
	(other / "site_config.json").write_text('{"db_name": "x"}')
	plan = planned(site, "config.move_site_keys")
	assert plan.count == 0
	assert plan.left_out[0].subject.name == "encryption_key"


@pytest.mark.parametrize(
	"address", ["127.0.0.1:13000", "http://127.0.0.1", "redis://:secret@127.0.0.1:1", ""]
)
def test_an_address_that_is_none_is_refused(site: SampleSite, address: str) -> None:
	with pytest.raises(UsageError):
		planned(site, "config.set_redis_address", server="cache", address=address)


def test_an_address_where_nobody_answers_is_refused(site: SampleSite) -> None:
	with pytest.raises(SourceUnavailable):
		planned(site, "config.set_redis_address", server="queue", address="redis://127.0.0.1:1")


def test_documents_stay_locked_while_a_job_runs(site: SampleSite) -> None:
	breaks(site, "config.document_lock_left")
	site.add_job("long", status="started", worker=worker_of(site, "long"))
	with pytest.raises(UsageError, match="running"):
		planned(site, "config.unlock_documents")
	assert planned(site, "config.unlock_documents", although_jobs_run=True).count == 1


def test_an_app_whose_code_is_there_is_not_forgotten(site: SampleSite) -> None:
	for app in ("erpnext", "frappe", "no_such_app"):
		with pytest.raises(UsageError):
			planned(site, "config.forget_app", app=app)


def test_only_switches_of_developers_can_be_named(site: SampleSite) -> None:
	with pytest.raises(UsageError):
		planned(site, "config.switch_off", names=["encryption_key"])


def test_a_job_of_money_runs_only_when_it_is_named(site: SampleSite) -> None:
	method = next(
		row["method"]
		for row in site.rows("Scheduled Job Type", None, ["method"])
		if "process_subscription" in str(row["method"])
	)
	site.update("Scheduled Job Type", {"method": method}, last_execution=site.days_ago(9))
	plan = planned(site, "scheduler.run_now")
	assert (plan.count, len(plan.left_out)) == (0, 1)
	assert planned(site, "scheduler.run_now", names=[method]).count == 1


def test_the_log_of_requests_is_switched_on_and_off_again(site: SampleSite) -> None:
	works = engine(site)
	run = to_the_end(works, start(works, "log-more-for-a-while", {}, site), site)
	assert run.state.value == "Paused"
	assert site.config()["monitor"] == 1
	assert planned(site, "config.monitor").count == 0
	assert planned(site, "config.monitor", on=False).count == 1


def test_a_copy_of_another_site_is_taken_only_when_it_is_named(site: SampleSite) -> None:
	own = sorted((site.path / "private" / "backups").glob("*-site_config_backup.json"))[-1]
	other = own.with_name("20991231_000000-other_example_org-site_config_backup.json")
	other.write_text(json.dumps({**json.loads(own.read_text()), "db_name": "another", "db_host": "10.0.0.9"}))
	os.utime(other, (site.bench.now.timestamp(),) * 2)
	site.config_path.write_text("")
	assert planned(site, "config.restore_site_config").evidence["backup"] == own.name
	plan = planned(site, "config.restore_site_config", backup=other.name)
	assert any("database another on 10.0.0.9" in warning for warning in plan.warnings)


def test_what_held_mail_back_in_a_broken_file_is_not_forgotten(site: SampleSite) -> None:
	text = '{"mute_emails": 1, "pause_scheduler": true, "maintenance_mode": 0,'
	site.config_path.write_text(text)
	plan = planned(site, "config.restore_site_config")
	assert any("sets mute_emails, pause_scheduler" in warning for warning in plan.warnings)
	(site.bench.folder / "sites" / "common_site_config.json").write_text(text)
	plan = planned(site, "config.rebuild_common")
	assert {"mute_emails", "pause_scheduler"} <= set(plan.evidence["settings"])
	assert "maintenance_mode" not in plan.evidence["settings"]
