// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Recovery Channel", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		if (frm.perm[0]?.write) {
			frm.add_custom_button(__("Send a Test"), () => send_test(frm));
		}
		frappe
			.xcall("recovery_console.api_notices.channel_state", { name: frm.doc.name })
			.then((state) => show_state(frm, state));
	},
});

async function send_test(frm) {
	if (frm.is_dirty()) {
		await frm.save();
	}
	frappe.dom.freeze(__("Sending a test …"));
	let told;
	try {
		told = await frappe.xcall("recovery_console.api_notices.test_channel", { name: frm.doc.name });
	} finally {
		frappe.dom.unfreeze();
	}
	const sent = told.state === "Sent";
	frappe.msgprint({
		title: sent ? __("The test was sent") : __("The test could not be sent"),
		message: sent
			? __("Look whether it has arrived at {0}.", [
					frappe.utils.escape_html(frm.doc.address || frm.doc.name),
				])
			: frappe.utils.escape_html(told.error),
		indicator: sent ? "green" : "red",
	});
	frm.trigger("refresh");
}

function show_state(frm, state) {
	const parts = [
		__("Sent in seven days: {0}.", [state.sent]),
		state.waiting ? __("Waiting: {0}.", [state.waiting]) : "",
		state.given_up ? __("Given up: {0}.", [state.given_up]) : "",
		state.last_error ? __("Last error: {0}", [frappe.utils.escape_html(state.last_error)]) : "",
	];
	frm.set_intro(parts.filter(Boolean).join(" "), state.given_up ? "red" : state.waiting ? "orange" : "blue");
}
