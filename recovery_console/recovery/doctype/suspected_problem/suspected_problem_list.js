// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Suspected Problem"] = {
	add_fields: ["state"],
	hide_name_column: true,
	get_indicator(doc) {
		const colour = { Suspected: "orange", Confirmed: "red", Passed: "gray" }[doc.state];
		return [__(doc.state), colour, "state,=," + doc.state];
	},
};
