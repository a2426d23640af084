// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// Each duty stands on the day on which it is due, which is a day of the site and not a moment of the reader.
frappe.views.calendar["Duty Sign-off"] = {
	field_map: {
		id: "name",
		start: "due_on",
		end: "due_on",
		title: "title",
		allDay: "all_day",
		convertToUserTz: "is_moment",
	},
	fields: ["name", "title", "state", "due_on"],
	options: { editable: false, selectable: false },
	get_events_method: "frappe.desk.calendar.get_events",
	get_css_class(event) {
		const classes = { Open: "default", Overdue: "danger", Missed: "danger", Done: "success" };
		return classes[event.state] || "default";
	},
};
