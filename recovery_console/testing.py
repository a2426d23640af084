"""What tests inside a site share."""

import frappe

from recovery_console import compat


class SiteTestCase(compat.test_case()):
	"""A test on a site whose changes are rolled back."""

	def tearDown(self) -> None:
		"""Roll back after each test: Frappe does so after a class, and what a later test commits would stay."""
		frappe.db.rollback()
		super().tearDown()

	def user_with(self, *roles: str) -> str:
		"""Create a user who has these roles and nothing else."""
		user = frappe.new_doc("User")
		user.email = f"{frappe.generate_hash(length=8)}@example.org"
		user.first_name = "Mallory" if not roles else roles[0]
		user.send_welcome_email = 0
		user.flags.no_welcome_mail = True
		for role in roles:
			user.append("roles", {"role": role})
		user.insert(ignore_permissions=True)
		return user.name

	def act_as(self, user: str) -> None:
		"""Be this user until the test ends."""
		self.addCleanup(frappe.set_user, frappe.session.user)
		frappe.set_user(user)
