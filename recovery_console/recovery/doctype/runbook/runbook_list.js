// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings.Runbook = {
	add_fields: ["risk", "enabled"],
	hide_name_column: true,
	get_indicator(doc) {
		if (!doc.enabled) return [__("Switched Off"), "darkgrey", "enabled,=,0"];
		const colours = { Read: "gray", Reversible: "green", Disruptive: "orange", Destructive: "red" };
		return [__(doc.risk), colours[doc.risk] || "gray", `risk,=,${doc.risk}`];
	},
};
