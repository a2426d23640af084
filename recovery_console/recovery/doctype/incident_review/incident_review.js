// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

const API = "recovery_console.api_reviews";
const COLOURS = { ok: "green", info: "green", skipped: "gray", warning: "orange", critical: "red", unknown: "purple" };
const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
const pill = (colour, text) => `<span class="indicator-pill no-indicator-dot ${colour}">${escape(text)}</span>`;
const link = (doctype, name) => `<a href="${escape(frappe.utils.get_form_link(doctype, name))}">${escape(name)}</a>`;

frappe.ui.form.on("Incident Review", {
	refresh(frm) {
		if (frm.is_new()) return;
		const record = (frm.doc.__onload && frm.doc.__onload.record) || {};
		frm.get_field("record_html").html(record_html(record));
		say_how_it_stands(frm, record);
		for (const [label, method] of [
			[__("PDF"), "review_as_pdf"],
			[__("HTML"), "review_as_html"],
			[__("Markdown"), "review_as_markdown"],
		]) {
			frm.add_custom_button(label, () => download(frm, method), __("Download"));
		}
		if (frm.doc.docstatus === 0) {
			frm.add_custom_button(__("Refresh from the Record"), () => refresh_from_record(frm));
		}
		if (frm.doc.docstatus === 1 && open_items(frm).length) {
			frm.add_custom_button(__("Finish an Action Item…"), () => finish_item(frm));
		}
	},
});

function say_how_it_stands(frm, record) {
	frm.set_intro("");
	if (record.changes && record.changes.length) {
		frm.set_intro(record.changes.map(escape).join("<br>"), "red");
	} else if (frm.doc.docstatus === 1) {
		frm.set_intro(__("Signed. Everything reads as it was signed; only the action items go on."), "green");
	} else if (frm.doc.docstatus === 0) {
		frm.set_intro(__("Submitting signs it. What a person wrote stays when it is refreshed."), "blue");
	}
}

function record_html(record) {
	if (!record.incident) return "";
	const now = record.checks_now;
	const checks = now
		? now.checks.map(
				(check) => `${pill(COLOURS[check.status] || "gray", check.status)} ${escape(check.title)}
					<span class="text-muted">${escape([...check.findings, check.reason].filter(Boolean).join("; "))}</span>`
		  )
		: [];
	const runs = record.runs.map(
		(run) => `${pill(run.state === "Succeeded" ? "green" : "blue", __(run.state))} ${link("Runbook Run", run.name)}
			${escape(run.title)}`
	);
	const lessons = record.earlier.map((row) => `${link("Incident Review", row.review)}: ${escape(row.lessons)}`);
	const impact = (record.impact && record.impact.sentence) || "";
	const parts = [
		list_html(__("Think of this"), record.proposals.map((text) => escape(__(text)))),
		list_html(__("What its check says now"), now && !checks.length ? [__("No check watches this problem.")] : checks),
		list_html(__("Runbooks that were run"), runs),
		list_html(__("Whom it affected"), impact ? [escape(impact)] : []),
		list_html(__("Learned before"), lessons),
	];
	return parts.join("") || `<p class="text-muted">${__("Nothing beside the timeline is on record.")}</p>`;
}

function list_html(title, rows) {
	if (!rows.length) return "";
	return `<h5>${title}</h5><ul class="list-unstyled">${rows.map((row) => `<li class="mb-1">${row}</li>`).join("")}</ul>`;
}

async function refresh_from_record(frm) {
	if (frm.is_dirty()) await frm.save();
	await frappe.call({
		method: `${API}.refresh_review`,
		args: { review: frm.doc.name },
		freeze: true,
		freeze_message: __("Asking the check of the incident again"),
	});
	frm.reload_doc();
}

// Where the server cannot make a PDF it says why, and the page for printing is offered instead.
async function download(frm, method) {
	const url = (name) => `/api/method/${API}.${name}?review=${encodeURIComponent(frm.doc.name)}`;
	if (method !== "review_as_pdf") return window.open(url(method));
	const answer = await fetch(url(method));
	if (answer.ok) {
		const file = document.createElement("a");
		file.href = URL.createObjectURL(await answer.blob());
		file.download = `${frm.doc.name}.pdf`;
		file.click();
		return URL.revokeObjectURL(file.href);
	}
	const said = await answer.json().catch(() => ({}));
	const messages = JSON.parse(said._server_messages || "[]").map((text) => JSON.parse(text).message);
	frappe.msgprint({
		title: __("No PDF"),
		indicator: "orange",
		message: escape(messages.join(" ") || __("The server could not make it.")),
		primary_action: { label: __("Download as HTML"), action: () => window.open(url("review_as_html")) },
	});
}

const open_items = (frm) => frm.doc.action_items.filter((row) => ["Open", "In Progress"].includes(row.state));

function finish_item(frm) {
	const items = open_items(frm);
	const label = (row) => `${row.idx}: ${row.action}`.slice(0, 120);
	frappe.prompt(
		[
			{
				fieldtype: "Select",
				fieldname: "item",
				label: __("Action Item"),
				options: items.map((row) => ({ value: row.name, label: label(row) })),
				default: items[0].name,
				reqd: 1,
			},
			{
				fieldtype: "Select",
				fieldname: "state",
				label: __("State"),
				options: "Done\nDropped\nIn Progress",
				default: "Done",
				reqd: 1,
			},
			{ fieldtype: "Small Text", fieldname: "note", label: __("Note") },
		],
		async ({ item, state, note }) => {
			await frappe.call({
				method: `${API}.finish_action_item`,
				args: { review: frm.doc.name, item, state, note: note || "" },
				freeze: true,
			});
			frm.reload_doc();
		},
		__("Finish an action item"),
		__("Save")
	);
}
