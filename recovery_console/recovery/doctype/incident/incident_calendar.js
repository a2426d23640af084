// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.views.calendar.Incident = {
	field_map: { start: "first_seen", end: "resolved_at", id: "name", title: "title", status: "status", allDay: "all_day" },
	get_events_method: "frappe.desk.calendar.get_events",
	get_css_class(event) {
		return ["Resolved", "Closed"].includes(event.status) ? "success" : "danger";
	},
};
