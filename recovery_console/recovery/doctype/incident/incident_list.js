// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// Frappe 16 takes only the DocType itself from the browser's cache, not its child tables; without their fields
// it cannot set a filter, and the list would open with all incidents.
for (const doc of frappe.model.get_from_localstorage("Incident") || []) {
	if (!locals.DocType[doc.name]) frappe.model.sync(doc);
}

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
