// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Incident Review"] = {
	add_fields: ["due", "severity", "signed_by"],
	hide_name_column: true,
	has_indicator_for_draft: true,
	get_indicator(doc) {
		if (doc.docstatus === 1) return [__("Signed"), "green", "docstatus,=,1"];
		if (doc.docstatus === 2) return [__("Withdrawn"), "gray", "docstatus,=,2"];
		const late = doc.due && doc.due < frappe.datetime.now_datetime();
		return late
			? [__("Overdue"), "red", `docstatus,=,0|due,<,${frappe.datetime.now_datetime()}`]
			: [__("Draft"), "orange", "docstatus,=,0"];
	},
	formatters: {
		severity(value) {
			const colours = { S1: "red", S2: "red", S3: "orange", S4: "gray" };
			return `<span class="indicator-pill no-indicator-dot ${colours[value] || "gray"}">${frappe.utils.escape_html(
				value || ""
			)}</span>`;
		},
	},
};
