"""What several faults of this family do to a site."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.support.sample import SampleSite
from tests.support.services import WebServer


def fail_logins(site: SampleSite, who: str, *, failures: int, seconds_ago: float = 20) -> None:
	"""Leave what Frappe leaves in the cache after failed log-ins of a user, or from an address."""
	protocol = 4 if site.frappe == 15 else 5
	began = site.now - timedelta(seconds=seconds_ago)
	site.cache.hset(site.cache_key("login_failed_count"), who, pickle.dumps(failures, protocol))  # type: ignore[arg-type]
	site.cache.hset(site.cache_key("login_failed_time"), who, pickle.dumps(began, protocol))  # type: ignore[arg-type]


def log_failures(
	site: SampleSite, users: Sequence[str], addresses: Sequence[str], *, hours: float = 0.5
) -> None:
	"""Write failed log-ins to the Activity Log, one per user and address."""
	site.insert_many(
		"Activity Log",
		[
			{
				"subject": "Invalid login credentials",
				"operation": "Login",
				"status": "Failed",
				"user": user,
				"ip_address": address,
				"creation": site.hours_ago(hours),
				"owner": "Guest",
			}
			for user, address in zip(users, addresses, strict=True)
		],
	)


def add_user(
	site: SampleSite, name: str, *roles: str, enabled: bool = True, user_type: str = "Website User"
) -> str:
	"""Make one more user, who was active lately."""
	site.insert(
		"User",
		name=name,
		email=name,
		first_name="One",
		full_name="One More",
		username=name.partition("@")[0],
		enabled=enabled,
		user_type=user_type,
		last_active=site.hours_ago(5),
		creation=site.days_ago(30),
	)
	site.insert_many("Has Role", [{"parent": name, "parenttype": "User", "role": role} for role in roles])
	return name


def add_sessions(site: SampleSite, user: str, number: int, *, hours: float) -> None:
	"""Log a user in a number of times."""
	site.insert_many(
		"Sessions",
		[
			{
				"user": user,
				"sid": site.new_name("Sessions"),
				"sessiondata": "{}",
				"lastupdate": site.hours_ago(hours),
				"status": "Active",
			}
			for _number in range(number)
		],
	)


def turn_two_factor_on(site: SampleSite, method: str, role: str = "All") -> None:
	"""Ask everybody with a role for a code."""
	site.set_single("System Settings", enable_two_factor_auth=1, two_factor_method=method)
	site.update("Role", role, two_factor_auth=1)


def stop_outgoing_mail(site: SampleSite) -> None:
	"""Leave the site without an account to send from."""
	site.update("Email Account", {"default_outgoing": 1}, default_outgoing=0, enable_outgoing=0)


def set_expiry(site: SampleSite, value: str) -> None:
	"""Set the session expiry where both versions look."""
	site.set_single("System Settings", session_expiry=value)
	site.set_default("session_expiry", value)


def give_profile(site: SampleSite, user: str, *roles: str) -> None:
	"""Give a user a role profile with these roles, without passing them on to the user."""
	site.insert("Role Profile", name="Treasurer", role_profile="Treasurer")
	site.insert_many(
		"Has Role", [{"parent": "Treasurer", "parenttype": "Role Profile", "role": role} for role in roles]
	)
	if site.frappe == 15:
		site.update("User", user, role_profile_name="Treasurer")
	else:
		site.insert("User Role Profile", parent=user, role_profile="Treasurer")


def own_permissions(site: SampleSite, doctype: str, roles: Sequence[str], *, days: float) -> None:
	"""Replace a DocType's permissions by the site's own."""
	site.insert_many(
		"Custom DocPerm",
		[
			{"parent": doctype, "role": role, "permlevel": 0, "read": 1, "creation": site.days_ago(days)}
			for role in roles
		],
	)


def serve(site: SampleSite, **answer: Any) -> WebServer:
	"""Let a web server answer for the site, on a port that the bench's configuration names."""
	server = WebServer(**{"text": login_page(site.name), **answer}).start()
	site.bench.redis_cache.on_reset(server.stop)
	site.bench.set_common_config(webserver_port=server.port)
	return server


def login_page(name: str) -> str:
	"""What of Frappe 16's login page tells whose it is."""
	return f'<html><script>frappe.boot = {{"lang": "en", "sitename": "{name}"}}</script></html>'
