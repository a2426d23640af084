"""LDAP is switched on and lacks settings."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	settings = {
		"enabled": "1",
		"ldap_server_url": "ldap://ldap.example.org",
		"base_dn": "cn=admin,dc=example,dc=org",
		"ldap_search_string": "(uid=somebody)",
		"ldap_search_path_user": "ou=people,dc=example,dc=org",
		"ldap_email_field": "mail",
		"ldap_username_field": "uid",
	}
	for field, value in settings.items():
		site.insert("Singles", doctype="LDAP Settings", field=field, value=value)


FAULT = Fault(
	title="LDAP is switched on and lacks settings",
	breaks=breaks,
	check="integrations.ldap",
	severity="critical",
	count=3,
	subjects=("LDAP Settings",),
	runbook="switch-off-ldap",
)
