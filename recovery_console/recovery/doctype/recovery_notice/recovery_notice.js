// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Recovery Notice", {
	refresh(frm) {
		if (frm.doc.state === "Given Up" && frappe.model.can_write("Recovery Channel")) {
			frm.add_custom_button(__("Send Again"), async () => {
				const told = await frappe.xcall("recovery_console.api_notices.send_again", {
					name: frm.doc.name,
				});
				frappe.show_alert({
					message: told.state === "Sent" ? __("It was sent.") : frappe.utils.escape_html(told.error),
					indicator: told.state === "Sent" ? "green" : "red",
				});
				frm.reload_doc();
			});
		}
	},
});
