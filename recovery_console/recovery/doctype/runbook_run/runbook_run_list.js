// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Runbook Run"] = {
	add_fields: ["state", "undoing", "requested_by"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = {
			Planned: "gray",
			"Awaiting Approval": "orange",
			Running: "blue",
			Verifying: "blue",
			Paused: "orange",
			Succeeded: "green",
			Failed: "red",
			Undone: "darkgrey",
			Abandoned: "darkgrey",
		};
		const label = doc.undoing && doc.state === "Running" ? __("Being Taken Back") : __(doc.state);
		return [label, colours[doc.state] || "gray", `state,=,${doc.state}`];
	},
};
