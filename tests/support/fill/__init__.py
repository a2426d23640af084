"""The healthy content of a sample site, area by area. All times are relative to the site's `now`."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from tests.support.fill import (
	backups,
	banking,
	debits,
	email,
	erpnext,
	jobs,
	logs,
	model,
	payments,
	settings,
	users,
	verenigingen,
)

if TYPE_CHECKING:
	from tests.support.sample import SampleBench
	from tests.support.sample_site import SampleSite


def fill_site(site: SampleSite) -> None:
	"""Fill an empty site; an app that is not installed is left out."""
	model.fill(site)
	settings.fill(site)
	users.fill(site)
	jobs.fill(site)
	email.fill(site)
	logs.fill(site)
	if "erpnext" in site.apps:
		erpnext.fill(site)
		payments.fill(site)
		if "verenigingen" in site.apps:
			verenigingen.fill(site)
			debits.fill(site)
		if "banking" in site.apps:
			banking.fill(site)
	backups.fill(site)


def fill_cache(site: SampleSite) -> None:
	"""What a site that is in use keeps in redis_cache."""
	site.cache.set(site.cache_key("domain_restricted_doctypes"), pickle.dumps([]))
	site.cache.hset(site.cache_key("lang_user_translations"), "en", pickle.dumps({}))


def fill_queue(bench: SampleBench) -> None:
	"""One live worker per queue."""
	for queue in ("short", "default", "long"):
		bench.add_worker(queues=[queue])
