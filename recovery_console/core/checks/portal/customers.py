"""Does each portal user reach a customer or supplier?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _chain
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Customers(Check):
	"""Where is the chain broken from portal user by contact, customer and portal user row to the documents?

	ERPNext shows a portal user the documents of the customers and suppliers that list the user under Portal
	Users, provided that the user has the role Customer or Supplier.

	Cost: two walks through the portal user rows, each with its user, role and customer by key; one through the
	users of the window. It grows with their number.
	"""

	title = _("Portal users and their customers")
	needs = ("User", "Has Role", "Contact", "Customer", "Portal User")
	needs_app = "erpnext"
	budget = timedelta(seconds=6)

	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		broken = {**_chain.listed(site), **_chain.unlisted(site, self.window)}
		for kind, (count, subjects) in broken.items():
			if count:
				title, cause, remedy = _TEXTS[kind]
				build = self.info if kind in _QUIET else self.warning
				yield build(title, cause=cause, remedy=remedy, subject=kind, subjects=subjects, count=count)


#: These may be as they should: somebody left, or somebody only signed up.
_QUIET = (_chain.DISABLED, _chain.LINK, _chain.CONTACT)
_TEXTS = {
	_chain.ROLE: (
		_("Portal users without the role Customer or Supplier: {count}."),
		_(
			"A customer or supplier lists them under Portal Users, but without the role they see none of its"
			" documents."
		),
		_("Open these users, add the role Customer or Supplier, and save."),
	),
	_chain.USER: (
		_("Customers and suppliers that list a portal user who does not exist: {count}."),
		_("The user was deleted or renamed past Frappe; such a customer cannot be saved any more."),
		_("Open them, and under Portal Users remove the row or choose the right user."),
	),
	_chain.DISABLED: (
		_("Disabled users whose customer is active: {count}."),
		_("They are listed under Portal Users, and cannot log in."),
		_("Enable those who should get in."),
	),
	_chain.ROW: (
		_("Portal users whose customer does not list them under Portal Users: {count}."),
		_(
			"Their contact is linked with a customer or supplier, but ERPNext looks only at Portal Users there:"
			" their orders and invoices stay empty."
		),
		_("Open the customer or supplier of each and add the user under Portal Users."),
	),
	_chain.LINK: (
		_("Portal users whose contact is linked with no customer or supplier: {count}."),
		_("They have the role Customer or Supplier, and the portal has nothing to show them."),
		_(
			"Link the contact with its customer, and add the user under Portal Users there. Who only signed up"
			" needs nothing."
		),
	),
	_chain.CONTACT: (
		_("Portal users without a contact: {count}."),
		_(
			"Frappe makes the contact by a job when a User is saved; the job was lost. Without a contact the user"
			" leads to no customer."
		),
		_("Save these users again, then link their contacts with their customers."),
	),
}
