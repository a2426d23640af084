"""Sets thresholds of the console on a sample site, as its administrator would in Recovery Settings."""

from __future__ import annotations

from tests.support.sample import SampleSite

TABLE = "tabRecovery Threshold"


def set_threshold(site: SampleSite, check: str, **values: object) -> None:
	"""Override thresholds of a check: for what a machine has, and no test may take from it.

	Args:
		site: The site. `restore` removes the overrides.
		check: Id of the check.
		**values: Its parameters, written as in Recovery Settings (`"1 s"`, `0.5`).
	"""
	if TABLE not in site.database.tables():
		site.sql(
			f"CREATE TABLE `{TABLE}` (name varchar(140) PRIMARY KEY, check_id varchar(140), "
			"parameter varchar(140), value varchar(140))"
		)
		if site.database.dialect == "postgres":
			site.sql(f"ALTER TABLE `{TABLE}` OWNER TO `{site.db_name}`")
	for parameter, value in values.items():
		site.sql(
			f"INSERT INTO `{TABLE}` (name, check_id, parameter, value) VALUES (%s, %s, %s, %s)",
			[f"{check} {parameter}", check, parameter, str(value)],
		)
