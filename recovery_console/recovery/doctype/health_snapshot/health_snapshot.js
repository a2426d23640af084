// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Health Snapshot", {
	refresh(frm) {
		frm.disable_save();
		frm.get_field("report_html").html(findings_of(frm.doc));
		if (["Running", "Failed"].includes(frm.doc.status)) return;
		frm.add_custom_button(__("What Changed…"), () => compare(frm.doc.name));
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

const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

// Compares with the snapshot before this one at once; another one can be chosen.
function compare(name) {
	const dialog = new frappe.ui.Dialog({
		title: __("What Changed"),
		size: "large",
		fields: [
			{
				fieldname: "other",
				fieldtype: "Link",
				options: "Health Snapshot",
				label: __("Compared With"),
				get_query: () => ({ filters: { name: ["!=", name], status: ["not in", ["Running", "Failed"]] } }),
				change: () => dialog.get_value("other") && show(dialog, name, dialog.get_value("other")),
			},
			{ fieldname: "result", fieldtype: "HTML" },
		],
	});
	dialog.show();
	show(dialog, name);
}

async function show(dialog, name, other = "") {
	const $result = dialog.get_field("result").$wrapper.attr("aria-live", "polite");
	if (dialog.shown === other && other) return;
	$result.html(`<p class="text-muted">${__("Comparing …")}</p>`);
	const { message: found } = await frappe.call({
		method: "recovery_console.api_snapshots.compare",
		type: "GET",
		args: { snapshot: name, other },
	});
	if (found.older && !other) {
		dialog.shown = found.older.name === name ? found.newer.name : found.older.name;
		dialog.set_value("other", dialog.shown);
	}
	$result.html(found.older ? comparison_html(found) : `<p>${__("There is no snapshot before this one.")}</p>`);
}

function comparison_html(found) {
	const parts = [
		findings_part(__("New"), found.appeared),
		findings_part(__("Over"), found.gone, "rc-over"),
		findings_part(__("Changed"), found.changed),
		findings_part(__("Nobody can say: its check could not look at one of the two times"), found.out_of_sight),
		table_part(__("Families"), found.families, (status) => recovery_console.status_word(status) || "-"),
		table_part(__("Numbers that changed by a fifth or more"), found.numbers, (value) =>
			frappe.format(value, { fieldtype: "Float" }, { inline: true, always_show_decimals: false })
		),
		table_part(__("Versions and machine"), found.versions, (value) => escape(value)),
	].filter(Boolean);
	const kept = found.findings_known
		? ""
		: `<p class="text-muted">${__("One of the two reports is no longer kept: only families and numbers are compared.")}</p>`;
	const span = __("From {0} to {1}.", [
		frappe.datetime.str_to_user(found.older.started),
		frappe.datetime.str_to_user(found.newer.started),
	]);
	return `<p>${span}</p>${kept}${parts.join("") || `<p>${__("Nothing changed.")}</p>`}`;
}

function findings_part(title, findings, kind = "") {
	if (!findings.length) return "";
	const lines = findings.map((finding) => {
		const before = finding.before
			? ` <span class="text-muted">${__("before: {0}, {1} affected", [
					recovery_console.status_word(finding.before.severity),
					finding.before.count,
			  ])}</span>`
			: "";
		const pill =
			kind === "rc-over"
				? recovery_console.pill("ok", __("Over"))
				: recovery_console.pill(finding.severity, recovery_console.status_word(finding.severity));
		return `<li>${pill} ${escape(finding.title)}${before}</li>`;
	});
	return `<h5>${title} (${findings.length})</h5><ul class="rc-timeline">${lines.join("")}</ul>`;
}

function table_part(title, rows, shown) {
	if (!rows.length) return "";
	const body = rows.map(
		(row) => `<tr><td>${escape(row.label || frappe.unscrub(row.name))}</td>
			<td class="text-right">${shown(row.before)}</td><td class="text-right">${shown(row.after)}</td></tr>`
	);
	return `<h5>${title}</h5><table class="table table-sm"><thead><tr><th>${__("What")}</th>
		<th class="text-right">${__("Before")}</th><th class="text-right">${__("Now")}</th></tr></thead>
		<tbody>${body.join("")}</tbody></table>`;
}
