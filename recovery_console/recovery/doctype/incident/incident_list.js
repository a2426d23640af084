// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings.Incident = {
	add_fields: ["status", "severity"],
	hide_name_column: true,
	filters: [["status", "not in", ["Resolved", "Closed"]]],
	get_indicator(doc) {
		const colours = {
			Detected: "red",
			Reopened: "red",
			Acknowledged: "orange",
			Investigating: "orange",
			Mitigated: "yellow",
			Resolved: "green",
			Closed: "gray",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
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
