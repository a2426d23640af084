// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// Mandates and batches are kept in other DocTypes on each site; its SEPA profile says in which. Only who may ask is
// told, and only their forms load the buttons.

for (const doctype of Object.keys(frappe.boot?.recovery_console_why || {})) {
	frappe.ui.form.on(doctype, {
		async refresh(frm) {
			// Frappe fetches it each time that it is asked to, and freezes the form meanwhile.
			if (!window.recovery_console?.why?.add_buttons) {
				await frappe.require("/assets/recovery_console/js/why_buttons.js");
			}
			recovery_console.why.add_buttons(frm);
		},
	});
}
