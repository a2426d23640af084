"""Roles, users with their contacts, sessions and log-ins."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite

PORTAL_ROLES = ("Customer", "Supplier", "Guest", "All", "Verenigingen Member")
STANDARD_ROLES = (
	"Administrator",
	"All",
	"Guest",
	"Desk User",
	"System Manager",
	"Website Manager",
	"Inbox User",
)
PASSWORD_HASH = "$pbkdf2-sha256$29000$c2FtcGxlc2FsdHNhbXBsZQ$q1Jt6bE3U0eF0m1oJc6kX0b0cGh5c2ljc3NhbXBsZXM"


@dataclass(frozen=True)
class Person:
	"""Somebody who has an account on every sample site."""

	first: str
	last: str
	roles: tuple[str, ...]
	desk: bool = False

	@property
	def email(self) -> str:
		"""The user's name."""
		return f"{self.first}.{self.last}@example.org".lower()

	@property
	def full_name(self) -> str:
		"""First and last name."""
		return f"{self.first} {self.last}"


STAFF = (
	Person("Anna", "Bakker", ("System Manager", "Website Manager", "Verenigingen Administrator"), desk=True),
	Person("Bram", "Visser", ("Accounts Manager", "Accounts User", "Verenigingen Manager"), desk=True),
)
CUSTOMERS = tuple(
	Person(first, last, ("Customer", "Verenigingen Member"))
	for first, last in (
		("Carla", "Smit"),
		("Daan", "Mulder"),
		("Eva", "Bos"),
		("Fleur", "Vos"),
		("Gijs", "Peters"),
		("Hanna", "Dekker"),
	)
)


def fill(site: SampleSite) -> None:
	"""Two System Users, six Website Users, Administrator and Guest."""
	roles = _roles(site)
	_account(site, "Administrator", "Administrator", desk=True)
	_account(site, "Guest", "Guest", desk=False)
	for person in (*STAFF, *CUSTOMERS):
		_account(site, person.email, person.full_name, desk=person.desk)
		_give_roles(site, person.email, [role for role in person.roles if role in roles])
		_contact(site, person)
	_give_roles(site, "Administrator", ["System Manager", "Administrator"])
	_give_roles(site, "Guest", ["Guest"])
	for number, person in enumerate((*STAFF, *CUSTOMERS[:2])):
		_session(site, person, number)


def _roles(site: SampleSite) -> set[str]:
	named = {
		text.split(":")[0].split("@")[0] for spec in site.schema.doctypes.values() for text in spec.perms
	}
	roles = named | set(STANDARD_ROLES)
	if "erpnext" in site.apps:
		roles |= {"Customer", "Supplier", "Accounts Manager", "Accounts User"}
	if "verenigingen" in site.apps:
		roles |= {f"Verenigingen {name}" for name in ("Administrator", "Manager", "Staff", "Member")}
	site.insert_many(
		"Role",
		[
			{"role_name": role, "desk_access": role not in PORTAL_ROLES, "creation": site.days_ago(200)}
			for role in sorted(roles)
		],
	)
	return roles


def _account(site: SampleSite, name: str, full_name: str, *, desk: bool) -> None:
	first, _, last = full_name.partition(" ")
	active = site.hours_ago(3)
	email = name if "@" in name else f"{name.lower()}@example.com"
	site.insert(
		"User",
		name=name,
		email=email,
		first_name=first,
		last_name=last or None,
		full_name=full_name,
		username=name.split("@")[0].replace(".", "").lower(),
		enabled=1,
		user_type="System User" if desk else "Website User",
		language="en",
		time_zone="Europe/Amsterdam",
		last_login=active,
		last_active=active,
		last_password_reset_date=site.days_ago(60).date(),
		creation=site.days_ago(180),
		modified=site.days_ago(20),
	)
	if name != "Guest":
		site.insert(
			"__Auth", doctype="User", name=name, fieldname="password", password=PASSWORD_HASH, encrypted=0
		)


def _give_roles(site: SampleSite, user: str, roles: list[str]) -> None:
	site.insert_many(
		"Has Role",
		[
			{"parent": user, "parenttype": "User", "role": role, "idx": idx, "creation": site.days_ago(180)}
			for idx, role in enumerate(roles, 1)
		],
	)


def _contact(site: SampleSite, person: Person) -> None:
	site.insert(
		"Contact",
		name=person.full_name,
		first_name=person.first,
		last_name=person.last,
		full_name=person.full_name,
		email_id=person.email,
		user=person.email,
		status="Passive",
		creation=site.days_ago(180),
	)
	site.insert("Contact Email", parent=person.full_name, email_id=person.email, is_primary=1)


def _session(site: SampleSite, person: Person, number: int) -> None:
	last = site.minutes_ago(20 + 10 * number)
	data = {
		"user": person.email,
		"session_ip": "192.0.2.10",
		"last_updated": str(last),
		"session_expiry": "170:00:00",
		"full_name": person.full_name,
		"user_type": "System User" if person.desk else "Website User",
	}
	site.insert(
		"Sessions",
		user=person.email,
		sid=f"{site.new_name('Sessions')}{site.new_name('Sessions')}",
		sessiondata=repr(data) if site.frappe == 15 else json.dumps(data),
		ipaddress="192.0.2.10",
		lastupdate=last,
		status="Active",
	)
