// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

const API = "recovery_console.api_incidents";
const EVERY = 15 * 1000;

frappe.ui.form.on("Incident", {
	async refresh(frm) {
		if (frm.is_new()) return;
		const name = frm.doc.name;
		const { message: story } = await frappe.call({
			method: "recovery_console.api_incident_page.story",
			type: "GET",
			args: { incident: name },
		});
		if (!story || frm.doc.name !== name) return; // another one was opened meanwhile
		show(frm, story);
		add_acts(frm, story);
		let_clocks_count(frm);
	},
	on_hide(frm) {
		clearInterval(frm.recovery_clocks);
	},
});

function show(frm, story) {
	const signed = story.reviews.find((review) => review.docstatus === 1);
	frm.recovery_reviewed = signed ? signed.signed_on : null;
	const field = frm.get_field("story_html");
	field.html(recovery_console.incident.story_html(seen(frm), story));
	recovery_console.offer_repairs(
		field.$wrapper,
		story.findings.map((row) => ({ ...row, runbooks: story.runbooks[row.fingerprint] }))
	);
	frm.set_intro(story.severity_in_full, { S1: "red", S2: "red", S3: "orange" }[frm.doc.severity] || "blue");
}

// The incident with the moment at which its review was signed, which stands in another document.
const seen = (frm) => ({ ...frm.doc, reviewed_at: frm.recovery_reviewed });

function let_clocks_count(frm) {
	clearInterval(frm.recovery_clocks);
	frm.recovery_clocks = setInterval(() => {
		const place = frm.get_field("story_html").$wrapper.find(".rc-clocks-place");
		if (document.hidden || !place.is(":visible")) return;
		place.html(recovery_console.incident.clocks_html(seen(frm)));
	}, EVERY);
}

// What leads on is first; what needs a word asks for it.
const ACTS = () => [
	["acknowledge", __("Acknowledge"), __("I am at work on it. Nobody else is called.")],
	["investigate", __("Investigate"), __("Its cause is being looked for.")],
	["mitigate", __("Mitigate"), __("People can work again; the cause may still be there.")],
	["resolve", __("Resolve"), __("The cause is gone. Say how you know.")],
	["close", __("Close"), __("The record ends. An S1 or S2 has its signed review, or you say why not.")],
	["reopen", __("Reopen"), __("It is not over. Say what was seen.")],
];
const NEEDS_NOTE = ["resolve", "reopen"];

function add_acts(frm, story) {
	for (const [act, label, says] of ACTS().filter(([act]) => story.acts.includes(act))) {
		const press = () => ask_note(label, says, NEEDS_NOTE.includes(act), (note) => done(frm, "act", { act, note }));
		if (act === "acknowledge") frm.page.set_primary_action(label, () => done(frm, "act", { act }));
		else frm.add_custom_button(label, press, __("Status"));
	}
	if (!story.may_act) return;
	frm.add_custom_button(__("Add a Note"), () => ask_text(__("Note"), (text) => done(frm, "note", { text })));
	const more = __("More");
	if (frm.doc.status !== "Closed") frm.add_custom_button(__("Change Severity…"), () => change_severity(frm), more);
	frm.add_custom_button(__("Why…?"), () => choose_why(), more);
	if (is_open(frm.doc)) {
		if (frm.doc.snoozed_until) frm.add_custom_button(__("Wake"), () => done(frm, "wake"), more);
		else frm.add_custom_button(__("Snooze…"), () => snooze(frm), more);
		if (frm.doc.paused_since) frm.add_custom_button(__("Let the Clock Go On"), () => done(frm, "go_on"), more);
		else frm.add_custom_button(__("Wait for Others…"), () => pause(frm), more);
		if (story.may_merge) frm.add_custom_button(__("Merge into…"), () => merge(frm), more);
	}
	frm.add_custom_button(__("Hand Over…"), () => hand_over(frm), more);
	frm.add_custom_button(__("Gather Evidence"), () => gather(frm), more);
	frm.add_custom_button(__("Review"), () => review(frm), more);
}

const is_open = (doc) => !["Resolved", "Closed"].includes(doc.status);

async function done(frm, method, args = {}) {
	await frappe.call({ method: `${API}.${method}`, args: { incident: frm.doc.name, ...args }, freeze: true });
	frm.reload_doc();
}

function ask_note(title, says, required, then) {
	frappe.prompt(
		[
			{ fieldtype: "HTML", fieldname: "says", options: `<p class="text-muted">${frappe.utils.escape_html(says)}</p>` },
			{ fieldtype: "Small Text", fieldname: "note", label: __("Note"), reqd: required ? 1 : 0 },
		],
		(values) => then(values.note || ""),
		title,
		title
	);
}

function ask_text(label, then) {
	frappe.prompt(
		[
			{
				fieldtype: "Text",
				fieldname: "text",
				label,
				reqd: 1,
				description: __("It can be neither changed nor deleted. Secrets are taken out."),
			},
		],
		(values) => then(values.text),
		__("Add a Note"),
		__("Add")
	);
}

function change_severity(frm) {
	frappe.prompt(
		[
			{
				fieldtype: "Select",
				fieldname: "severity",
				label: __("Severity"),
				options: "S1\nS2\nS3\nS4",
				default: frm.doc.severity,
				reqd: 1,
				description: __(
					"S1: nobody can work. S2: users are hurt now, or money or mail is lost. S3: it needs attention. S4: it can wait."
				),
			},
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Why"), reqd: 1 },
		],
		(values) => done(frm, "set_severity", values),
		__("Change the severity"),
		__("Change")
	);
}

function snooze(frm) {
	frappe.prompt(
		[
			{ fieldtype: "Datetime", fieldname: "until", label: __("Until"), reqd: 1 },
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Why"), reqd: 1 },
		],
		(values) => done(frm, "snooze", values),
		__("Snooze: nobody is told or called until then"),
		__("Snooze")
	);
}

function pause(frm) {
	frappe.prompt(
		[
			{ fieldtype: "Select", fieldname: "kind", label: __("Waiting For"), options: "Vendor\nCustomer", reqd: 1 },
			{ fieldtype: "Small Text", fieldname: "reason", label: __("What has to come"), reqd: 1 },
		],
		(values) => done(frm, "pause", values),
		__("The clock of resolving stands still"),
		__("Wait")
	);
}

function merge(frm) {
	frappe.prompt(
		[
			{
				fieldtype: "Link",
				options: "Incident",
				fieldname: "into",
				label: __("Incident That Stays"),
				reqd: 1,
				get_query: () => ({ filters: { name: ["!=", frm.doc.name], status: ["not in", ["Resolved", "Closed"]] } }),
			},
		],
		async ({ into }) => {
			await frappe.call({ method: `${API}.merge`, args: { incident: frm.doc.name, into }, freeze: true });
			frappe.set_route("Form", "Incident", into);
		},
		__("Merge: this one is closed"),
		__("Merge")
	);
}

// What whoever is called needs to know, and the letter to a vendor: to be copied, or printed.
async function hand_over(frm) {
	const { message: packet } = await frappe.call({
		method: "recovery_console.api_packets.packet",
		args: { incident: frm.doc.name },
		freeze: true,
	});
	if (!packet) return;
	const letter = `${packet.vendor.subject}\n\n${packet.vendor.body}`;
	const part = (title, text, which) => `<h5>${title}
		<button type="button" class="btn btn-default btn-xs" data-copy="${which}">${__("Copy")}</button></h5>
		<pre class="rc-packet">${frappe.utils.escape_html(text)}</pre>`;
	const dialog = new frappe.ui.Dialog({
		title: __("Hand Over"),
		size: "large",
		fields: [{ fieldtype: "HTML", fieldname: "packet" }],
	});
	dialog
		.get_field("packet")
		.$wrapper.html(
			`${part(__("For who is called"), packet.text, "text")}${part(__("For a vendor"), letter, "letter")}`
		)
		.on("click", "[data-copy]", (event) => {
			frappe.utils.copy_to_clipboard(event.currentTarget.dataset.copy === "text" ? packet.text : letter);
		});
	dialog.show();
}

async function gather(frm) {
	const { message } = await frappe.call({
		method: "recovery_console.api_incident_page.make_bundle",
		args: { incident: frm.doc.name },
		freeze: true,
		freeze_message: __("Gathering report, logs and state, without secrets. This takes up to half a minute."),
	});
	if (message) window.open(message.file);
	frm.reload_doc();
}

async function review(frm) {
	const { message } = await frappe.call({
		method: "recovery_console.api_incident_page.draft_review",
		args: { incident: frm.doc.name },
		freeze: true,
	});
	if (message && message.name) frappe.set_route("Form", "Incident Review", message.name);
}

async function choose_why() {
	await frappe.require("/assets/recovery_console/js/why.js");
	recovery_console.why.choose();
}
