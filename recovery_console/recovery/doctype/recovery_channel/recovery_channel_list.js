// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Recovery Channel"] = {
	add_fields: ["enabled", "is_fallback"],
	get_indicator(doc) {
		if (!doc.enabled) return [__("Disabled"), "gray", "enabled,=,0"];
		return doc.is_fallback
			? [__("Used When Mail Is Broken"), "blue", "enabled,=,1|is_fallback,=,1"]
			: [__("Enabled"), "green", "enabled,=,1"];
	},
};
