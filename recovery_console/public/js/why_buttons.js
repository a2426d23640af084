// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The buttons of the Why? troubleshooters on forms. What they open is loaded when somebody presses one.

frappe.provide("recovery_console.why");

(() => {
	const why = recovery_console.why;
	if (why.open) return; // each of these forms brings this file along

	const MAY_ASK = ["System Manager", "Recovery Operator", "Recovery Manager"];
	const address = (name) => `/assets/recovery_console/js/${name}.js`;
	const LOGIN = __("Why can they not log in?");
	const PERMISSION = __("Why may they not do this?");
	const of_document = (frm) => ({ doctype: frm.doctype, name: frm.docname });

	// Label, question and what is known of it, by DocType.
	const FORMS = {
		User: [
			[LOGIN, "login", (frm) => ({ user: frm.docname })],
			[PERMISSION, "permission", (frm) => ({ user: frm.docname })],
		],
		"Email Queue": [[__("Why did it not arrive?"), "email", (frm) => ({ about: frm.docname })]],
		"Data Import": [[__("Why did it fail?"), "import", of_document]],
		"Bank Statement Import": [[__("Why did it fail?"), "import", of_document]],
		"RQ Job": [[__("Why does it not run?"), "job", (frm) => ({ about: frm.docname })]],
		"Scheduled Job Type": [[__("Why does it not run?"), "job", (frm) => ({ about: frm.docname })]],
		"Payment Entry": [[__("Why is it not reconciled?"), "payment", of_document]],
		"Bank Transaction": [[__("Why is it not reconciled?"), "payment", of_document]],
	};
	const COLLECTED = [__("Why was it not collected?"), "payment", of_document];

	why.may_ask = () => MAY_ASK.some((role) => frappe.user.has_role(role));

	why.load = async () => {
		if (!recovery_console.repair) await frappe.require(["findings", "runs", "repair"].map(address));
		if (!why.ask) await frappe.require([address("why")]);
	};

	// Ask a question. With all that it must be told, the answer comes at once.
	why.open = async (question, given = {}) => {
		await why.load();
		return why.ask(question, given);
	};

	// Let the reader choose a question.
	why.choose = async () => {
		await why.load();
		return why.offer();
	};

	// Explain an error: one that is pasted, or that of an Error Log.
	why.explain = async (given = {}) => {
		await why.load();
		return why.ask_for_error(given);
	};

	why.add_buttons = (frm) => {
		if (frm.is_new() || !why.may_ask()) return;
		for (const [label, question, given] of FORMS[frm.doctype] || [COLLECTED]) {
			frm.add_custom_button(label, () => why.open(question, given(frm)), __("Why?"));
		}
	};

	for (const doctype of Object.keys(FORMS)) {
		frappe.ui.form.on(doctype, { refresh: why.add_buttons });
	}
	frappe.ui.form.on("Error Log", {
		async refresh(frm) {
			if (frm.is_new() || !frappe.model.can_read("Known Error")) return;
			await why.load();
			why.explain_form(frm);
		},
	});
})();
