// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The form of a run is the run as `RunView` shows it; the document is only its record.

frappe.ui.form.on("Runbook Run", {
	refresh(frm) {
		frm.disable_save();
		if (!frm.run_view) frm.run_view = view_of(frm);
		frm.run_view.open(frm.doc.name);
	},
});

function view_of(frm) {
	return new recovery_console.RunView({
		$wrapper: frm.get_field("plan_html").$wrapper,
		is_shown: () => cur_frm === frm && frappe.get_route()[0] === "Form" && frappe.get_route()[1] === frm.doctype,
		on_change(run) {
			frm.page.set_indicator(__(run.state), recovery_console.RUN_COLOURS[run.state]);
			// The record below, and what Desk shows of it elsewhere.
			if (run.state !== frm.doc.state) frm.reload_doc();
		},
		set_buttons(names, buttons) {
			if (frm.run_buttons === names.join() && frm.page.inner_toolbar.find("button").length) return;
			frm.run_buttons = names.join();
			frm.clear_custom_buttons();
			for (const name of names) {
				const { label, primary, act } = buttons[name];
				const $button = frm.add_custom_button(label, () => act(frm.run_view));
				if (primary) $button.removeClass("btn-default").addClass("btn-primary");
			}
		},
	});
}
