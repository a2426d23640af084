"""What happens when a job is repeated: a small table, and why each line is in it.

RQ knows only that a job failed; whether it may run again depends on what it does. ``unknown`` is the honest
answer for whatever is not in the table.
"""

from __future__ import annotations

import enum
import re

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass


class Safety(str, enum.Enum):
	"""What a second run of a job may do."""

	IDEMPOTENT = "idempotent"
	MAIL = "mail"
	MONEY = "money"
	UNKNOWN = "unknown"

	__str__ = str.__str__


@dataclass(frozen=True)
class Rule:
	"""One line of the table.

	Args:
		method: A method, or the module or package that it is in.
		safety: Its class.
		reason: Why.
		saves_between: It saves its work in steps, so a failure does not undo what came before.
	"""

	method: str
	safety: Safety
	reason: str
	saves_between: bool = False


_SWEEP = _("It handles whatever is due when it runs; what is done already, it passes over.")
_REBUILD = _("It computes the same result again from what is stored.")
_TIDY = _("It deletes what is past its time; a second run finds nothing more.")
_MAILS = _("It sends mail: whoever got theirs in the first run may get it twice.")
_BOOKS = _("It makes or changes accounting documents: see which ones exist before it runs again.")
_BANK = _("It moves or matches money: a second run can collect, pay or match twice.")

_IDEMPOTENT = {
	"frappe.email.queue.flush": _(
		"It sends what is still unsent; a recipient who is marked as sent is passed over."
	),
	"frappe.email.doctype.email_account.email_account.pull": _(
		"It fetches only messages that the account has not fetched."
	),
	"frappe.core.doctype.data_import.data_import.start_import": _(
		"Rows that were handled are in its log and passed over. Start it from the Data Import document."
	),
	"frappe.deferred_insert": _SWEEP,
	"frappe.monitor.flush": _SWEEP,
	"frappe.utils.global_search": _REBUILD,
	"frappe.search": _REBUILD,
	"frappe.website": _REBUILD,
	"frappe.model.utils": _SWEEP,
	"frappe.model.delete_doc.delete_dynamic_links": _TIDY,
	"frappe.desk.reportview.delete_bulk": _TIDY,
	"frappe.sessions": _TIDY,
	"frappe.oauth": _TIDY,
	"frappe.twofactor.delete_all_barcodes_for_users": _TIDY,
	"frappe.desk.notifications": _TIDY,
	"frappe.desk.page.backups.backups": _TIDY,
	"frappe.core.doctype.log_settings": _TIDY,
	"frappe.core.doctype.prepared_report": _REBUILD,
	"frappe.core.doctype.user.user.create_contact": _SWEEP,
	"frappe.core.doctype.user.user.update_gravatar": _REBUILD,
	"frappe.automation.doctype.assignment_rule": _REBUILD,
	"frappe.utils.change_log": _REBUILD,
	"frappe.ping": _("It does nothing."),
	"erpnext.stock.doctype.repost_item_valuation": _(
		"It goes on where it stopped, and computes the same values."
	),
	"erpnext.controllers.accounts_controller.update_invoice_status": _REBUILD,
	"erpnext.selling.doctype.quotation.quotation.set_expired_status": _REBUILD,
	"erpnext.buying.doctype.supplier_quotation": _REBUILD,
	"erpnext.accounts.utils.run_ledger_health_checks": _REBUILD,
	"erpnext.manufacturing.doctype.bom_update_log": _REBUILD,
	"erpnext.setup.doctype.company.company.cache_companies_monthly_sales_history": _REBUILD,
	"erpnext.projects.doctype.task.task.set_tasks_as_overdue": _REBUILD,
}
_MAIL = {
	"frappe.sendmail": _(
		"It is one mail, sent directly: it was not sent, or it was and the failure came after."
	),
	"frappe.email.doctype.newsletter": _MAILS,
	"frappe.email.doctype.auto_email_report": _MAILS,
	"frappe.email.doctype.notification": _MAILS,
	"frappe.email.doctype.email_account.email_account.notify_unreplied": _MAILS,
	"frappe.desk.doctype.event.event.send_event_digest": _MAILS,
	"frappe.desk.form.document_follow": _MAILS,
	"frappe.desk.doctype.notification_log": _MAILS,
	"frappe.workflow.doctype.workflow_action": _MAILS,
	"frappe.automation.doctype.reminder": _MAILS,
	"erpnext.setup.doctype.email_digest": _MAILS,
	"erpnext.accounts.doctype.process_statement_of_accounts": _(
		"It mails statements and moves on to the next date, sent or not: look who got theirs."
	),
	"erpnext.crm.doctype.email_campaign.email_campaign.send_email_to_leads_or_contacts": _MAILS,
	"erpnext.projects.doctype.project.project.send_project_status_email_to_users": _MAILS,
	"verenigingen.verenigingen.doctype.membership.scheduler.send_renewal_reminders": _MAILS,
	"verenigingen.utils.sepa_notifications": _MAILS,
	"verenigingen.api.membership_application_review": _MAILS,
}
_MONEY = {
	"frappe.automation.doctype.auto_repeat": _(
		"It makes documents, often invoices: see which of today's exist."
	),
	"erpnext.accounts.doctype.process_subscription": _BOOKS,
	"erpnext.accounts.doctype.subscription": _BOOKS,
	"erpnext.accounts.doctype.payment_request": _BANK,
	"erpnext.accounts.doctype.process_payment_reconciliation": _BANK,
	"erpnext.accounts.doctype.bank_reconciliation_tool": _BANK,
	"erpnext.accounts.doctype.bank_statement_import": _(
		"It imports bank lines: lines without a transaction id come in twice."
	),
	"erpnext.accounts.doctype.opening_invoice_creation_tool": _BOOKS,
	"erpnext.accounts.doctype.period_closing_voucher": _BOOKS,
	"erpnext.accounts.doctype.pos_invoice_merge_log": _BOOKS,
	"erpnext.accounts.doctype.pos_closing_entry": _BOOKS,
	"erpnext.accounts.doctype.repost_accounting_ledger": _BOOKS,
	"erpnext.accounts.doctype.repost_payment_ledger": _BOOKS,
	"erpnext.accounts.doctype.ledger_merge": _BOOKS,
	"erpnext.accounts.deferred_revenue": _BOOKS,
	"erpnext.accounts.utils.auto_create_exchange_rate_revaluation": _BOOKS,
	"erpnext.assets.doctype.asset.depreciation": _BOOKS,
	"erpnext.assets.doctype.asset.asset.make_post_gl_entry": _BOOKS,
	"erpnext.utilities.bulk_transaction": _BOOKS,
	"erpnext.erpnext_integrations.doctype.plaid_settings": _BANK,
	"banking": _BANK,
	"verenigingen.verenigingen.doctype.direct_debit_batch": _BANK,
	"verenigingen.api.dd_batch_scheduler": _BANK,
	"verenigingen.utils.payment_retry": _BANK,
	"verenigingen.utils.sepa_reconciliation": _BANK,
	"verenigingen.verenigingen.doctype.payment_plan": _BANK,
	"verenigingen.verenigingen.doctype.membership_dues_schedule": _BOOKS,
	"verenigingen.utils.dues_schedule_auto_creator": _BOOKS,
	"verenigingen.e_boekhouden": _BOOKS,
}
_UNKNOWN = {
	"frappe.integrations.doctype.webhook": _(
		"It calls another system, which may or may not mind being told the same twice."
	),
	"frappe.model.document.execute_action": _(
		"It submits or cancels a document for a user: look at that document."
	),
	"frappe.utils.background_jobs.run_doc_method": _(
		"It runs a method of one document, named in its arguments."
	),
}
_SAVES_BETWEEN = frozenset(
	{
		"frappe.email.queue.flush",
		"frappe.core.doctype.data_import.data_import.start_import",
		"erpnext.accounts.doctype.bank_statement_import",
		"erpnext.accounts.doctype.process_payment_reconciliation",
		"erpnext.utilities.bulk_transaction",
		"erpnext.stock.doctype.repost_item_valuation",
		"frappe.email.doctype.newsletter",
	}
)
RULES = {
	method: Rule(method, safety, reason, method in _SAVES_BETWEEN)
	for safety, lines in (
		(Safety.IDEMPOTENT, _IDEMPOTENT),
		(Safety.MAIL, _MAIL),
		(Safety.MONEY, _MONEY),
		(Safety.UNKNOWN, _UNKNOWN),
	)
	for method, reason in lines.items()
}
_NOT_LISTED = _("The console does not know this job: read what it does before you repeat it.")
#: How MariaDB, PostgreSQL, SQLite and Frappe say that another transaction was in the way.
_WAITING = re.compile(
	r"QueryDeadlockError|QueryTimeoutError|\(1213,|\(1205,|[Dd]eadlock (?:found|detected)|Lock wait timeout"
	r"|could not serialize access|database (?:table )?is locked"
)


def classify(method: str) -> Rule:
	"""Return what the table says about a method; the most exact line wins.

	A name that RQ cut short (``…some_meth...``) is matched as far as it goes. A bare function name is matched when
	all lines that end in it agree.
	"""
	name = method.removesuffix("...")
	if "." not in name:
		return _by_last_part(name)
	best = max((line for line in RULES if _covers(line, name)), key=len, default="")
	return RULES.get(best) or Rule(method, Safety.UNKNOWN, _NOT_LISTED)


def _covers(line: str, name: str) -> bool:
	if not name.startswith(line):
		return False
	rest = name[len(line) :]
	return rest[:1] in ("", ".", "_")


def _by_last_part(name: str) -> Rule:
	found = [rule for method, rule in RULES.items() if method.rpartition(".")[2] == name]
	if found and len({rule.safety for rule in found}) == 1:
		return found[0]
	return Rule(name, Safety.UNKNOWN, _NOT_LISTED)


def was_in_the_way(exception: str) -> bool:
	"""Tell whether a job failed only because another transaction held what it needed.

	Then the database undid the whole of it, unless it saves in between.
	"""
	return bool(_WAITING.search(exception))
