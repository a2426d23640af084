// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

const COLOURS = { ok: "green", info: "green", skipped: "gray", warning: "orange", critical: "red", unknown: "purple" };
const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

frappe.ui.form.on("Duty Sign-off", {
	async refresh(frm) {
		frm.disable_save();
		const waits = ["Open", "Overdue"].includes(frm.doc.state);
		const { message: duty } = await frappe.db.get_value("Recovery Duty", frm.doc.duty, ["instructions", "sign_off_role"]);
		frm.get_field("answer_html").html(answer_html(frm.doc, duty || {}));
		frm.set_intro("");
		if (frm.doc.state === "Missed") {
			frm.set_intro(__("Nobody signed it off while there was time. That stays on record."), "orange");
		}
		const role = (duty && duty.sign_off_role) || "Recovery Operator";
		const roles = ["System Manager", "Recovery Manager", ...(role === "Recovery Operator" ? [role] : [])];
		if (waits && frappe.user.has_role(roles)) frm.page.set_primary_action(__("Sign Off"), () => sign_off(frm));
		if (frm.doc.snapshot) {
			frm.add_custom_button(__("Snapshot"), () => frappe.set_route("Form", "Health Snapshot", frm.doc.snapshot));
		}
	},
});

function answer_html(doc, duty) {
	const said = JSON.parse(doc.said || "[]");
	const rows = said.map(
		(item) => `<tr><td><span class="indicator-pill no-indicator-dot ${COLOURS[item.status] || "gray"}">${escape(item.status)}</span></td>
			<td>${escape(item.check)}</td><td>${escape(item.text)}</td></tr>`
	);
	const checks = rows.length
		? `<table class="table table-bordered"><thead><tr><th>${__("Status")}</th><th>${__("Check")}</th>
			<th>${__("What it said")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`
		: "";
	const waits = doc.waits_for && ["Open", "Overdue"].includes(doc.state) && !rows.length ? `<p>${escape(__(doc.waits_for))}</p>` : "";
	return `<p style="font-size: var(--text-lg); max-width: 80ch">${escape(__(duty.instructions || ""))}</p>${waits}${checks}`;
}

function sign_off(frm) {
	frappe.prompt(
		[
			{
				fieldtype: "Small Text",
				fieldname: "note",
				label: __("What you did and what you saw"),
				reqd: 1,
				description: __("It can be neither changed nor deleted. Secrets are taken out."),
			},
		],
		async ({ note }) => {
			await frappe.call({
				method: "recovery_console.api_reviews.sign_off_duty",
				args: { sign_off: frm.doc.name, note },
				freeze: true,
			});
			frm.reload_doc();
		},
		__("Sign off: {0}", [frm.doc.title]),
		__("Sign Off")
	);
}
