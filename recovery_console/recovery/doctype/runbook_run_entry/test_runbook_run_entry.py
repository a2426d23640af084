# Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

"""Entries of journals, on a site: they hold what rows held before, password hashes among them."""

import frappe

from recovery_console.testing import SiteTestCase


class TestRunbookRunEntry(SiteTestCase):
	def test_nobody_reads_entries_in_desk_not_even_by_an_aggregate(self) -> None:
		for role in ("Recovery Operator", "Recovery Manager", "System Manager"):
			with self.set_user(self.user_with(role)):
				for fields in (["name"], ["max(data) as newest"]):
					with self.assertRaises(frappe.PermissionError):
						frappe.get_list("Runbook Run Entry", fields=fields)
				self.assertFalse(frappe.has_permission("Runbook Run Entry", "read"))
