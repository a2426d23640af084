// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Recovery Settings", {
	async refresh(frm) {
		offer_runbooks(frm);
		frm.add_custom_button(__("Contacts Card"), print_contacts_card);
		const checks = await frappe.xcall("recovery_console.api.checks");
		frm.fields_dict.thresholds.grid.update_docfield_property(
			"check_id",
			"options",
			checks.filter((check) => Object.keys(check.thresholds).length).map((check) => check.id)
		);
		frm.get_field("defaults_html").html(defaults_html(checks));
		show_field(frm);
	},
});

// The checklist on the console's page leads to one field of many; a form that is drawn begins at its top.
function show_field(frm) {
	const setup = frappe.provide("recovery_console.setup");
	const field = frm.get_field(setup.field);
	setup.field = null;
	if (!field) return;
	setTimeout(() => {
		if (field.section.is_collapsed()) field.section.collapse(false);
		field.$wrapper[0].scrollIntoView({ block: "center" });
		field.$wrapper.find("input:visible, .grid-add-row:visible").last().trigger("focus");
	}, 300);
}

// Whom to call and how fast, on one page for the wall; as it is stored, so save first.
async function print_contacts_card() {
	const page = window.open("");
	const card = await frappe.xcall("recovery_console.api_packets.contacts_card");
	page.document.write(card);
	page.document.close();
	page.print();
}

// Only runbooks that may run by themselves.
async function offer_runbooks(frm) {
	const runbooks = await frappe.xcall("recovery_console.api.runbooks", { automatic: 1 });
	frm.fields_dict.automatic_runbooks.grid.update_docfield_property(
		"runbook",
		"options",
		runbooks.map((runbook) => ({ value: runbook.id, label: runbook.id, description: __(runbook.title) }))
	);
}

function defaults_html(checks) {
	const escape = frappe.utils.escape_html;
	const rows = checks.flatMap((check) =>
		Object.entries(check.thresholds).map(
			([name, value]) => `<tr><td title="${escape(check.question)}">${escape(check.id)}</td>
				<td>${escape(name)}</td><td>${escape(value)}</td></tr>`
		)
	);
	return `<table class="table table-bordered table-sm"><thead><tr><th>${__("Check")}</th>
		<th>${__("Threshold")}</th><th>${__("Default")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
