// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Recovery Silence", {
	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(__("Problems that it covers raise no incident. They are counted here, and raise one when it is over."));
			return;
		}
		const over = frm.doc.ended_by || frm.doc.ends <= frappe.datetime.now_datetime();
		if (over || !frm.perm[0].write) return;
		frm.add_custom_button(__("End Now"), () =>
			frappe.confirm(__("End this silence now? What it covered stays on it."), () =>
				frappe
					.xcall("recovery_console.api_incidents.end_silence", { silence: frm.doc.name })
					.then(() => frm.reload_doc())
			)
		);
	},
});
