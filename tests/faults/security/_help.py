"""What several faults of this family do to a site."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet

from tests.support.sample import SampleSite

ADMIN = "System Manager"


def add_staff(
	site: SampleSite,
	*names: str,
	role: str = "Accounts User",
	active_days: float | None = 1,
	days: float = 200,
) -> None:
	"""Make desk users with one role, which they have had since they came."""
	for name in names:
		site.insert(
			"User",
			name=name,
			email=name,
			first_name="One",
			full_name="One More",
			username=name.partition("@")[0],
			enabled=1,
			user_type="System User",
			last_active=None if active_days is None else site.days_ago(active_days),
			creation=site.days_ago(days),
		)
		give_role(site, name, role, days=days)


def give_role(site: SampleSite, user: str, role: str, *, days: float) -> None:
	"""Give a user a role, some days ago."""
	site.insert("Has Role", parent=user, parenttype="User", role=role, creation=site.days_ago(days))


def give_keys(site: SampleSite, user: str, *, days: float) -> None:
	"""Press Generate Keys in a user, some days ago: the stored value tells when."""
	site.update("User", user, api_key=f"key-{user}"[:15])
	store_secret(site, "User", user, "api_secret", days=days)


def store_secret(site: SampleSite, doctype: str, name: str, fieldname: str, *, days: float) -> None:
	"""Enter a secret, some days ago: the stored value tells when."""
	stored = (site.bench.now - timedelta(days=days)).timestamp()
	cipher = Fernet(base64.urlsafe_b64encode(base64.urlsafe_b64decode(site.encryption_key)))
	site.delete("__Auth", {"doctype": doctype, "name": name, "fieldname": fieldname})
	site.insert(
		"__Auth",
		doctype=doctype,
		name=name,
		fieldname=fieldname,
		password=cipher.encrypt_at_time(b"made for the test", int(stored)).decode(),
		encrypted=1,
	)


def log_in(site: SampleSite, user: str, addresses: Sequence[str], *, hours: float = 5) -> None:
	"""Log in from several addresses, one after the other."""
	site.insert_many(
		"Activity Log",
		[
			{
				"subject": "logged in",
				"operation": "Login",
				"status": "Success",
				"user": user,
				"ip_address": address,
				"creation": site.hours_ago(hours),
				"owner": user,
			}
			for address in addresses
		],
	)


def export(site: SampleSite, user: str, number: int, *, hours: float = 3, **values: object) -> None:
	"""Export a list a number of times."""
	row = {"export_from": "Customer", "file_type": "CSV", "report_name": "Customer", **values}
	site.insert_many(
		"Access Log", [{**row, "user": user, "creation": site.hours_ago(hours)} for _number in range(number)]
	)


def set_password_date(site: SampleSite, user: str, *, days: float) -> None:
	"""Change a user's password, some days ago."""
	site.update("User", user, last_password_reset_date=site.days_ago(days).date())
	site.delete("__Auth", {"doctype": "User", "name": user, "fieldname": "password"})
	site.insert("__Auth", doctype="User", name=user, fieldname="password", password="$pbkdf2", encrypted=0)
