// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Runbook", {
	refresh(frm) {
		if (!frm.doc.is_standard) return;
		frm.set_intro(__("This one comes with the console. You may switch it off; to change it, duplicate it."));
		for (const field of frm.meta.fields) {
			if (field.fieldname !== "enabled") frm.set_df_property(field.fieldname, "read_only", 1);
		}
	},
});
