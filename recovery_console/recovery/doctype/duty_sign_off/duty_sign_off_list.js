// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Duty Sign-off"] = {
	add_fields: ["state", "due_on", "late", "answered_by"],
	hide_name_column: true,
	// The calendar shows all of them, the list what waits for somebody.
	get filters() {
		return frappe.get_route()[2] === "Calendar" ? [] : [["state", "in", ["Open", "Overdue"]]];
	},
	get_indicator(doc) {
		const colours = { Open: "blue", Overdue: "red", Missed: "darkgrey", Done: "green", "Not Applicable": "gray" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
	onload(listview) {
		listview.page.add_inner_button(__("Calendar"), () =>
			frappe.set_route("List", "Duty Sign-off", "Calendar", "default")
		);
		listview.page.add_inner_button(__("Duties"), () => frappe.set_route("List", "Recovery Duty"));
	},
};
