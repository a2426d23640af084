// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Health Snapshot", {
	refresh(frm) {
		frm.disable_save();
		frm.get_field("report_html").html(findings_of(frm.doc));
		if (!frm.doc.report) return;
		const findings = JSON.parse(frm.doc.report).checks.flatMap((check) => check.findings);
		recovery_console.offer_repairs(frm.get_field("report_html").$wrapper, findings);
	},
});

function findings_of(doc) {
	if (doc.report) return recovery_console.report_html(JSON.parse(doc.report));
	if (doc.status === "Running") return `<p>${__("The diagnosis is still running. Reload in a moment.")}</p>`;
	if (doc.status === "Failed") return `<p>${__("There is no report.")}</p>`;
	return `<p>${__("The report is no longer kept; its numbers are below, under Record.")}</p>`;
}
