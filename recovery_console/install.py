"""Installing, updating and uninstalling."""

import json
import re
import shutil
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import get_site_path

from recovery_console.core import snapshot
from recovery_console.in_site import contact_card, first_settings, keys, standard

APP = "recovery_console"
MODULE = "Recovery"
ROLES = ("Recovery Operator", "Recovery Manager")
#: Records of other modules that point at our DocTypes, and the field that does.
_POINTERS = {
	"Comment": "reference_doctype",
	"Custom DocPerm": "parent",
	"Custom Field": "dt",
	"Deleted Document": "deleted_doctype",
	"DocShare": "share_doctype",
	"Document Follow": "ref_doctype",
	"Email Unsubscribe": "reference_doctype",
	"List Filter": "reference_doctype",
	"Logs To Clear": "ref_doctype",
	"Notification Log": "document_type",
	"Property Setter": "doc_type",
	"Singles": "doctype",
	"Tag Link": "document_type",
	"ToDo": "reference_type",
	"User Permission": "allow",
	"Version": "ref_doctype",
	"View Log": "reference_doctype",
}


def before_install() -> None:
	"""Refuse when another app, or the site itself, owns one of our names. Nothing has been changed by then."""
	taken = [*_taken_module(), *_taken_doctypes(), *_taken_roles()]
	_forget_module_map()
	if taken:
		frappe.throw(
			_("Recovery Console cannot be installed on this site. Nothing was changed.")
			+ " "
			+ " ".join(taken)
			+ " "
			+ _("Rename or remove what is in the way, or install Recovery Console on another site.")
		)


def _forget_module_map() -> None:
	"""Let Frappe see our module.

	Where its cache is warm, Frappe has a list of modules from before we came, and would install us without a
	single DocType.
	"""
	frappe.cache.delete_value(["app_modules", "installed_app_modules"])
	frappe.setup_module_map()


def _taken_module() -> list[str]:
	owner = frappe.db.get_value("Module Def", MODULE, "app_name")
	return (
		[_("The module {0} belongs to {1}.").format(MODULE, owner or _("this site"))]
		if owner not in (None, APP)
		else []
	)


def _taken_doctypes() -> list[str]:
	found = frappe.get_all("DocType", filters={"name": ("in", own_doctypes())}, fields=["name", "module"])
	owners = {row.name: frappe.db.get_value("Module Def", row.module, "app_name") for row in found}
	return [
		_("The DocType {0} belongs to {1}.").format(name, owner or _("this site"))
		for name, owner in sorted(owners.items())
		if owner != APP
	]


def _taken_roles() -> list[str]:
	"""Roles are shared by name: one that is there already belongs to somebody, with its users and its rights."""
	found = frappe.get_all("Role", filters={"name": ("in", ROLES)}, pluck="name")
	return [
		_("There is a role {0} already, with a meaning of its own.").format(name) for name in sorted(found)
	]


def own_doctypes() -> list[str]:
	"""Return the names of our DocTypes, read from their files."""
	folder = Path(__file__).parent / "recovery" / "doctype"
	return sorted(frappe.get_file_json(str(path))["name"] for path in folder.glob("*/*.json"))


def sync() -> None:
	"""Bring roles and standard records up to date, after installing and after every migrate."""
	for name in ROLES:
		if not frappe.db.exists("Role", name):
			frappe.new_doc("Role", role_name=name, desk_access=1).insert(ignore_permissions=True)
	keys.restore(own_doctypes())
	standard.sync()
	first_settings.store()
	contact_card.write()


def after_uninstall() -> None:
	"""Remove what Frappe leaves behind: roles, numbers, jobs, records about our documents, our files.

	Frappe calls this for ``uninstall-app --dry-run``, too: while the app is installed, nothing is removed.
	"""
	if APP in json.loads(frappe.db.get_global("installed_apps") or "[]"):
		return
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, force=True, ignore_missing=True)
	ours = own_doctypes()
	for doctype, field in _POINTERS.items():
		if frappe.db.table_exists(doctype):
			frappe.db.delete(doctype, {field: ("in", ours)})
	frappe.db.delete("__Auth", {"doctype": ("in", ours)})  # tokens, and secrets of channels
	_forget_attachments(ours)
	_forget_numbers()
	jobs = frappe.get_all("Scheduled Job Type", filters={"method": ("like", f"{APP}.%")}, pluck="name")
	frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
	frappe.db.delete("Scheduled Job Type", {"name": ("in", jobs)})
	frappe.db.commit()
	shutil.rmtree(Path(get_site_path(snapshot.FILE)).parent, ignore_errors=True)
	for lock in Path(get_site_path("locks")).glob(f"{APP}*.lock"):
		lock.unlink(missing_ok=True)


def _forget_attachments(ours: list[str]) -> None:
	"""Remove what was attached to our documents, evidence bundles above all. Mails stay, and are about nothing of ours."""
	for name in frappe.get_all("File", filters={"attached_to_doctype": ("in", ours)}, pluck="name"):
		# Frappe would write "Attachment Removed" into the comments of a document that is gone.
		frappe.db.set_value("File", name, {"attached_to_doctype": None, "attached_to_name": None})
		frappe.delete_doc("File", name, force=True, ignore_permissions=True, ignore_missing=True)
	about = {"reference_doctype": ("in", ours)}
	frappe.db.set_value("Communication", about, {"reference_doctype": None, "reference_name": None})


def _forget_numbers() -> None:
	"""Counters are shared by prefix, so only those that nobody else can use are removed."""
	series = frappe.qb.DocType("Series")
	for (name,) in frappe.qb.from_(series).select(series.name).where(series.name.like("RC-%")).run():
		if re.fullmatch(r"RC-(INC|REV|SIL)-\d{4}-", name):
			frappe.db.delete("Series", {"name": name})
