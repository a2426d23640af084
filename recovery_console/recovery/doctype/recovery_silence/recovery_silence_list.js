// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Recovery Silence"] = {
	add_fields: ["starts", "ends", "ended_by", "repeats"],
	hide_name_column: true,
	get_indicator(doc) {
		const now = frappe.datetime.now_datetime();
		if (doc.ended_by || doc.ends <= now) return [__("Over"), "gray", "ends,<=," + now];
		if (doc.starts > now) return [__("Planned"), "blue", "starts,>," + now];
		return [doc.repeats === "Once" ? __("Holds") : __("In Its Windows"), "orange", "ends,>," + now];
	},
};
