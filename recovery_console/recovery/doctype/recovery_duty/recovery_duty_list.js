// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Recovery Duty"] = {
	add_fields: ["enabled"],
	hide_name_column: true,
	get_indicator(doc) {
		return doc.enabled ? [__("Enabled"), "green", "enabled,=,1"] : [__("Disabled"), "gray", "enabled,=,0"];
	},
};
