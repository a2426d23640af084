"""Recovery Settings as a site begins with them."""

import frappe

_DOCTYPE = "Recovery Settings"


def store() -> None:
	"""Store the defaults where nothing is stored yet, and mend times that nobody chose. Repeating it changes nothing.

	Frappe begins every field of a time of day with the present moment, whatever its default. Stored so, a working day
	would end in the second in which it begins, and nobody could save the settings.
	"""
	times = [field for field in frappe.get_meta(_DOCTYPE).fields if field.fieldtype == "Time"]
	if not frappe.db.get_singles_dict(_DOCTYPE):
		doc = frappe.new_doc(_DOCTYPE)
		doc.update({field.fieldname: field.default for field in times})
		doc.save(ignore_permissions=True)
	stored = frappe.db.get_singles_dict(_DOCTYPE)
	for field in times:
		# A person chooses no millionths of a second; Frappe fills in what has no default, too.
		if "." in str(stored.get(field.fieldname) or ""):
			frappe.db.set_single_value(_DOCTYPE, field.fieldname, field.default)
