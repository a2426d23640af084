// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Recovery Notice"] = {
	add_fields: ["state"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = {
			Held: "gray",
			Waiting: "blue",
			Sending: "blue",
			Failed: "orange",
			Sent: "green",
			Collected: "gray",
			"Given Up": "red",
		};
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};
