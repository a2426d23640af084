// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

frappe.ui.form.on("Incident", {
	refresh(frm) {
		const runbooks = (frm.doc.__onload && frm.doc.__onload.runbooks) || {};
		const findings = (frm.doc.findings || []).map((row) => as_finding(row, runbooks));
		const [root, ...explained] = findings;
		const story = root ? recovery_console.finding_html(root, explained) : "";
		frm.get_field("story_html").html(story + timeline_html((frm.doc.__onload && frm.doc.__onload.timeline) || []));
		recovery_console.offer_repairs(frm.get_field("story_html").$wrapper, findings);
		if (frm.doc.last_snapshot) {
			frm.add_custom_button(__("Last Snapshot"), () =>
				frappe.set_route("Form", "Health Snapshot", frm.doc.last_snapshot)
			);
		}
	},
});

function as_finding(row, runbooks) {
	return {
		fingerprint: row.fingerprint,
		runbooks: runbooks[row.fingerprint],
		severity: row.gravity,
		title: row.finding,
		cause: row.cause,
		remedy: row.remedy,
		count: row.count,
		subjects: JSON.parse(row.subjects || "[]"),
		evidence: JSON.parse(row.evidence || "{}"),
	};
}

const COLOURS = { Seen: "red", Changed: "orange", Recovered: "blue", Resolved: "green", Reopened: "red" };

function timeline_html(events) {
	if (!events.length) return "";
	const lines = events.map(
		(event) => `<li><span class="indicator-pill ${COLOURS[event.event] || "gray"}">${__(event.event)}</span>
			<span class="rc-quiet">${frappe.datetime.str_to_user(event.at)}</span>
			${frappe.utils.escape_html(event.detail || "")}</li>`
	);
	return `<h5>${__("Timeline")}</h5><ul class="rc-timeline">${lines.join("")}</ul>`;
}
