// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Runbook", {
	refresh(frm) {
		if (!frm.is_new() && frm.doc.enabled) {
			frm.add_custom_button(__("Plan…"), () => plan(frm))
				.removeClass("btn-default")
				.addClass("btn-primary");
			frm.add_custom_button(__("Its Runs"), () =>
				frappe.set_route("List", "Runbook Run", { runbook: frm.doc.name })
			);
		}
		if (!frm.doc.is_standard) return;
		frm.set_intro(__("This one comes with the console. You may switch it off; to change it, duplicate it."));
		for (const field of frm.meta.fields) {
			if (field.fieldname !== "enabled") frm.set_df_property(field.fieldname, "read_only", 1);
		}
	},
});

function plan(frm) {
	if (frm.is_dirty()) frappe.msgprint(__("Save it first: what is saved is what is planned."));
	else recovery_console.repair(frm.doc.name);
}
