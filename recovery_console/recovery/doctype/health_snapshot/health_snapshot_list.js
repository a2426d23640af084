// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.listview_settings["Health Snapshot"] = {
	hide_name_column: true,
	get_indicator(doc) {
		const colours = {
			Running: "blue",
			OK: "green",
			Info: "blue",
			Warning: "orange",
			Critical: "red",
			Unknown: "purple",
			Skipped: "gray",
			Failed: "darkgrey",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
	onload(listview) {
		listview.page
			.add_inner_button(__("Take a Snapshot Now"), take_snapshot)
			.removeClass("btn-default")
			.addClass("btn-primary");
	},
};

async function take_snapshot() {
	const { message } = await frappe.call({
		method: "recovery_console.api.take_snapshot",
		freeze: true,
		freeze_message: __("Looking at everything. This takes up to half a minute."),
	});
	frappe.set_route("Form", "Health Snapshot", message.name);
}
