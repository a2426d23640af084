// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Recovery Duty", {
	refresh(frm) {
		if (frm.doc.is_standard) {
			frm.set_intro(__("It comes with the console: switch it off here, or make one of your own."));
			for (const field of frm.fields) {
				if (field.df.fieldname !== "enabled") frm.set_df_property(field.df.fieldname, "read_only", 1);
			}
		}
		if (!frm.is_new()) {
			frm.add_custom_button(__("Sign-offs"), () =>
				frappe.set_route("List", "Duty Sign-off", { duty: frm.doc.name, state: ["!=", ""] })
			);
		}
	},
});
