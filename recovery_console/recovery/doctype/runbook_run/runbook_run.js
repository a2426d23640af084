// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// A run as it stands. What is shown comes from the run's journal, by `run_details`; the document is only its record.
// The page asks again by itself, less and less often while nothing happens, and at once when the site says so.

const ENDED = ["Succeeded", "Failed", "Undone", "Abandoned"];
const MOVING = ["Running", "Verifying"];
const RUN_COLOURS = {
	Planned: "gray",
	"Awaiting Approval": "orange",
	Running: "blue",
	Verifying: "blue",
	Paused: "orange",
	Succeeded: "green",
	Failed: "red",
	Undone: "gray",
	Abandoned: "gray",
};
// Where nothing moved for so long, it is likely that no worker does anything.
const STALLED_AFTER = 15000;
const SOONEST = 2000;
const LATEST = 30000;

frappe.ui.form.on("Runbook Run", {
	setup(frm) {
		frappe.realtime.on("recovery_run", (data) => {
			if (frm.run && data.run === frm.run.id) ask_soon(frm, 300);
		});
		$(document).on("visibilitychange", () => {
			if (!document.hidden && frm.run) ask_soon(frm, 0);
		});
	},
	refresh(frm) {
		frm.disable_save();
		if (!frm.run || frm.run.id !== frm.doc.name) {
			frm.run = null;
			frm.run_text = "";
			frm.get_field("plan_html").html(`<p class="text-muted">${__("Reading the run…")}</p>`);
		} else {
			draw(frm);
		}
		ask_soon(frm, 0);
	},
});

function ask_soon(frm, wait) {
	clearTimeout(frm.run_timer);
	frm.run_wait = SOONEST;
	frm.run_timer = setTimeout(() => ask_again(frm), wait);
}

const is_shown = (frm) => cur_frm === frm && frappe.get_route()[0] === "Form" && frappe.get_route()[1] === frm.doctype;

async function ask_again(frm) {
	if (!is_shown(frm) || document.hidden || frm.run_busy) return;
	const name = frm.doc.name;
	let run = null;
	let trouble = "";
	try {
		run = await read_run(name);
	} catch (error) {
		trouble = error.message;
	}
	if (frm.doc.name !== name || !is_shown(frm)) return;
	if (run) take(frm, run);
	else show_trouble(frm, trouble);
	clearTimeout(frm.run_timer);
	frm.run_timer = setTimeout(() => ask_again(frm), next_wait(frm));
}

// Not by frappe.call: while the site is down, that would open one message after another.
async function read_run(name) {
	const answer = await fetch(
		`/api/method/recovery_console.api.run_details?run=${encodeURIComponent(name)}`,
		{ headers: { Accept: "application/json" }, cache: "no-store" }
	);
	if (answer.ok) return (await answer.json()).message;
	if (answer.status === 401 || answer.status === 403) throw new Error(__("You may not see this run, or are signed out."));
	throw new Error(__("The site does not answer (HTTP {0}).", [answer.status]));
}

function next_wait(frm) {
	const connected = Boolean(frappe.realtime.socket && frappe.realtime.socket.connected);
	const ended = frm.run && ENDED.includes(frm.run.state);
	frm.run_wait = Math.min((frm.run_wait || SOONEST) * 1.4, LATEST);
	const wait = Math.max(frm.run_wait, ended ? LATEST : connected ? LATEST / 3 : 0);
	// Whoever looks at a run that stands still is told so in time.
	const stalls = frm.run_since + STALLED_AFTER + 100 - Date.now();
	return stalls > 0 && !ended ? Math.min(wait, stalls) : wait;
}

function take(frm, run) {
	const text = JSON.stringify(run);
	const before = frm.run;
	if (text !== frm.run_text) {
		frm.run_text = text;
		frm.run_since = before ? Date.now() : Math.min(Date.now(), Date.parse(run.last) || Date.now());
		frm.run_wait = SOONEST;
	}
	frm.run = run;
	draw(frm);
	// The record below, and what Desk shows of it elsewhere.
	if (run.state !== frm.doc.state) frm.reload_doc();
}

function show_trouble(frm, trouble) {
	const $wrapper = frm.get_field("plan_html").$wrapper;
	$wrapper.find(".rc-trouble").remove();
	$wrapper.prepend(
		$('<div class="rc-not-made rc-trouble"></div>').text(
			`${trouble || __("The site cannot be reached.")} ${__("What you see may be old; it is asked again by itself.")}`
		)
	);
}

// ---------------------------------------------------------------------------------------------------------- drawing

function draw(frm) {
	const run = frm.run;
	const state = {
		stalled: is_stalled(frm, run),
		manual: manual_step(run),
		user: frappe.session.user,
	};
	const drawn = JSON.stringify([frm.run_text, state]);
	const $wrapper = frm.get_field("plan_html").$wrapper;
	const offered = buttons_of(run, state);
	frm.page.set_indicator(__(run.state), RUN_COLOURS[run.state]);
	if (drawn !== frm.run_drawn || !$wrapper.find(".rc-run").length) {
		frm.run_drawn = drawn;
		const opened = new Map($wrapper.find("details").get().map((item) => [item.dataset.key, item.open]));
		const same = $wrapper.find(".rc-run").attr("data-run") === run.id;
		frm.get_field("plan_html").html(run_html(run, state));
		if (same) for (const item of $wrapper.find("details").get()) item.open = opened.get(item.dataset.key) ?? item.open;
		recovery_console.bind_copying($wrapper);
	}
	$wrapper.find(".rc-trouble").remove();
	add_buttons(frm, $wrapper, offered);
}

function is_stalled(frm, run) {
	if (!MOVING.includes(run.state) && run.state !== "Planned") return false;
	if (run.next_attempt && Date.parse(run.next_attempt) > Date.now()) return false;
	return Date.now() - frm.run_since > STALLED_AFTER;
}

const manual_step = (run) =>
	ENDED.includes(run.state) || run.undoing ? -1 : run.steps.findIndex((step) => step.kind === "manual" && step.state === "now");

function run_html(run, state) {
	const escape = frappe.utils.escape_html;
	const left = run.left.map((text) => `<li>${recovery_console.prose(text)}</li>`).join("");
	const given = Object.entries(run.parameters || {})
		.map(([name, value]) => `<li>${escape(frappe.unscrub(name))}: <code>${escape(String(value))}</code></li>`)
		.join("");
	return `<div class="rc-run" data-run="${escape(run.id)}" data-state="${escape(run.state)}">
		<div class="rc-state ${RUN_COLOURS[run.state]}">
			<div class="rc-sentence">${sentence(run)}</div>
			${run.said && run.state !== "Undone" ? `<p>${recovery_console.prose(run.said)}</p>` : ""}
			${run.state === "Awaiting Approval" || run.state === "Paused" ? asked(run) : ""}
			${state.stalled ? stalled_html() : ""}
			${left ? `<p>${__("What is left:")}</p><ul class="rc-asks">${left}</ul>` : ""}
			${run.otherwise && run.state === "Failed" ? otherwise(run) : ""}
			<div class="rc-buttons d-lg-none"></div>
		</div>
		<div class="rc-people">${people(run)}</div>
		${recovery_console.steps_html(run)}
		${given ? `<details data-key="given"><summary>${__("What it was told")}</summary><ul>${given}</ul></details>` : ""}
	</div>`;
}

function sentence(run) {
	const number = run.steps.findIndex((step) => step.state === "now") + 1;
	const step = __("step {0} of {1}", [number, run.steps.length]);
	if (run.next_attempt && MOVING.includes(run.state)) {
		return __("It tries {0} again at {1}.", [number ? step : __("the last step"), recovery_console.when(run.next_attempt)]);
	}
	const sentences = {
		Planned: __("It is planned and about to begin."),
		"Awaiting Approval": run.made
			? __("It waits: somebody must agree to what comes next.")
			: __("It waits: somebody must agree to what is planned. Nothing was changed yet."),
		Running: run.undoing
			? __("It is being taken back: {0} still to go.", [run.made])
			: number
			? __("It is at work on {0}.", [step])
			: __("All steps are done; what comes next is to look whether they helped."),
		Verifying: __("Everything is made; the checks are looking whether it helped."),
		Paused: run.undoing
			? __("Taking it back was stopped halfway; it goes on when you resume it.")
			: manual_step(run) >= 0
			? __("It waits for you: {0} is to be done by hand.", [step])
			: __("It was stopped and goes on when you resume it."),
		Succeeded: run.left.length
			? __("It is done. Changes made: {0}.", [run.made])
			: run.made
			? __("It helped: the checks find nothing more to repair. Changes made: {0}.", [run.made])
			: __("It is over, and the checks find nothing to repair."),
		Failed: run.undoing
			? __("Not everything could be taken back. Changes still there: {0}.", [run.made])
			: run.made
			? __("It did not help. Changes made: {0}.", [run.made])
			: run.may_have_changed
			? __("It did not help, and something may be changed: see what was not made.")
			: __("It did not help; nothing is changed."),
		Undone: __("Everything that it made was taken back."),
		Abandoned: run.made
			? __("It was ended before its end. Changes made, and still there: {0}.", [run.made])
			: run.may_have_changed
			? __("It was ended, and something may be changed: see what was not made.")
			: __("It was ended; nothing is changed."),
	};
	return sentences[run.state] || "";
}

function asked(run) {
	if (!run.asks) return "";
	const may = may_approve(run);
	return `${recovery_console.asks_html(run.asks, run.site)}${may ? `<p>${may}</p>` : ""}`;
}

// Why this user cannot be the one who agrees; empty where they can. The server decides; this only spares a try.
function may_approve(run) {
	if (!has_role(run.asks.role)) return __("You do not have this role.");
	if (run.asks.second_person && run.requested_by === frappe.session.user) {
		return __("You asked for it yourself, so it takes somebody else.");
	}
	return "";
}

function has_role(role) {
	const wider = role === "Recovery Operator" ? ["Recovery Manager"] : [];
	return [role, ...wider, "System Manager"].some((name) => frappe.user.has_role(name));
}

function stalled_html() {
	return `<p class="rc-stalled">${__(
		"Nothing has moved for a while. Perhaps no background worker is running. You can do its steps here, in your browser's request: a step is never done twice, whoever else is at work on it."
	)}</p>`;
}

function otherwise(run) {
	const address = frappe.utils.get_form_link("Runbook", run.otherwise);
	return `<p>${__("What to try next:")} <a href="${frappe.utils.escape_html(address)}">${frappe.utils.escape_html(
		run.otherwise
	)}</a></p>`;
}

function people(run) {
	const escape = frappe.utils.escape_html;
	const because = (reason) => (reason ? `: “${escape(reason)}”` : ".");
	const lines = [
		`${__("Asked for by {0}, {1}", [escape(run.requested_by), recovery_console.when(run.created)])}${because(run.reason)}`,
		...run.approvals.map((item) => `${__("Approved by {0}", [escape(item.by)])}${because(item.reason)}`),
	];
	const address = frappe.utils.get_form_link("Runbook", run.runbook);
	lines.push(`${__("Runbook")}: <a href="${escape(address)}">${escape(run.runbook)}</a>`);
	return lines.join("<br>");
}

// ---------------------------------------------------------------------------------------------------------- buttons

const BUTTONS = {
	approve: { label: __("Approve"), primary: true, act: approve },
	confirm: { label: __("It Is Done"), primary: true, act: confirm_step },
	resume: { label: __("Resume"), primary: true, act: ask_for("resume_run", __("Resume"), __("Let it go on?")) },
	advance: { label: __("Do the Next Step Here"), act: (frm) => advance(frm, 1) },
	advance_all: { label: __("Do All Steps Here"), act: (frm) => advance(frm, 100) },
	reject: {
		label: __("Reject"),
		act: ask_for("reject_run", __("Reject"), __("Nothing of it will be made."), { needs_reason: true }),
	},
	pause: { label: __("Pause"), act: ask_for("pause_run", __("Pause"), __("It stops before its next change.")) },
	cancel: {
		label: __("Cancel Run"),
		act: ask_for("cancel_run", __("Cancel Run"), __("It ends before its next change. What it made stays, and can be undone.")),
	},
	undo: {
		label: __("Undo"),
		act: ask_for("undo_run", __("Undo"), __("Everything that it made is taken back, in the opposite order.")),
	},
};

// What fits how it stands, the likeliest first.
function buttons_of(run, state) {
	if (!["Recovery Operator", "Recovery Manager", "System Manager"].some((role) => frappe.user.has_role(role))) return [];
	const names = [];
	if (run.state === "Awaiting Approval") names.push(...(may_approve_now(run) ? ["approve"] : []), "reject");
	if (state.manual >= 0) names.push("confirm");
	else if (run.state === "Paused" || (run.state === "Failed" && !run.undoing)) names.push("resume");
	if (MOVING.includes(run.state) || run.state === "Planned") {
		const waits = run.next_attempt && Date.parse(run.next_attempt) > Date.now();
		if (!waits && state.manual < 0) names.push("advance", "advance_all");
		if (run.state !== "Planned") names.push("pause");
	}
	if (run.can_undo) names.push("undo");
	if (!ENDED.includes(run.state)) names.push("cancel");
	return names;
}

const may_approve_now = (run) => run.asks && !may_approve(run);

function add_buttons(frm, $wrapper, names) {
	if (frm.run_buttons !== names.join() || !frm.page.inner_toolbar.find("button").length) {
		frm.run_buttons = names.join();
		frm.clear_custom_buttons();
		for (const name of names) {
			const { label, primary, act } = BUTTONS[name];
			const $button = frm.add_custom_button(label, () => act(frm));
			if (primary) $button.removeClass("btn-default").addClass("btn-primary");
		}
	}
	const $small = $wrapper.find(".rc-buttons").empty();
	for (const name of names) {
		const { label, primary, act } = BUTTONS[name];
		$(`<button class="btn btn-sm ${primary ? "btn-primary" : "btn-default"}"></button>`)
			.text(label)
			.on("click", () => act(frm))
			.appendTo($small);
	}
}

// ---------------------------------------------------------------------------------------------------------- acting

// Ask the site for something, show how the run stands then, and look again at once when it was refused.
async function request(frm, method, args = {}, message = "") {
	frm.run_busy = true;
	try {
		const answer = await frappe.call({
			method: `recovery_console.api.${method}`,
			args: { run: frm.run.id, ...args },
			freeze: true,
			freeze_message: message,
		});
		if (answer.message && answer.message.id === frm.doc.name) take(frm, answer.message);
		return answer.message;
	} catch {
		return null; // the server has said why
	} finally {
		frm.run_busy = false;
		ask_soon(frm, 500);
	}
}

function ask_for(method, title, text, { needs_reason = false } = {}) {
	return (frm) => {
		const dialog = new frappe.ui.Dialog({
			title,
			fields: [
				{ fieldtype: "HTML", options: `<p>${text}</p>` },
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Why, for the record"), reqd: needs_reason },
			],
			primary_action_label: title,
			primary_action({ reason }) {
				dialog.hide();
				request(frm, method, { reason: reason || "" });
			},
		});
		dialog.show();
	};
}

function approve(frm) {
	const { asks, site, digest, planned } = frm.run;
	const for_good = asks.risk === "destructive" ? `<p><b>${__("Something is lost for good.")}</b></p>` : "";
	const backup = asks.backup
		? `<p>${__("There must be a whole backup that is younger than a day.")}
			<a href="${frappe.utils.get_form_link("Runbook", "take-backup")}">${__("Take one")}</a></p>`
		: "";
	const dialog = new frappe.ui.Dialog({
		title: __("Approve"),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p>${__("You agree to exactly what is shown. Planned changes: {0}.", [planned])}</p>${for_good}${backup}`,
			},
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("Why, for the record"),
				reqd: ["disruptive", "destructive"].includes(asks.risk),
			},
			...(asks.typed
				? [
						{
							fieldname: "typed",
							fieldtype: "Data",
							label: __("Type the name of the site: {0}", [frappe.utils.escape_html(site)]),
							reqd: 1,
						},
				  ]
				: []),
		],
		primary_action_label: __("Approve"),
		async primary_action({ reason, typed }) {
			const run = await request(frm, "approve_run", { reason: reason || "", typed: typed || "", digest });
			if (run) dialog.hide();
		},
	});
	dialog.show();
}

function confirm_step(frm) {
	const step = frm.run.steps[manual_step(frm.run)];
	const escape = frappe.utils.escape_html;
	const dialog = new frappe.ui.Dialog({
		title: escape(step.title),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p>${recovery_console.prose(step.instruction)}</p>${
					step.check ? `<p class="text-muted">${__("A check looks whether it was done: {0}", [escape(step.check)])}</p>` : ""
				}`,
			},
			{ fieldname: "note", fieldtype: "Small Text", label: __("What you did, for the record") },
		],
		primary_action_label: __("It Is Done"),
		primary_action({ note }) {
			dialog.hide();
			request(frm, "confirm_step", { note: note || "" });
		},
	});
	dialog.show();
}

// For dead queues: each step in a request of its own, so that none runs into the limit of requests.
async function advance(frm, most) {
	for (let count = 0; count < most; count += 1) {
		const before = frm.run_text;
		const run = await request(frm, "advance_run", {}, __("Doing the next step…"));
		const goes_on = run && (MOVING.includes(run.state) || run.state === "Planned");
		if (!goes_on || JSON.stringify(run) === before || !is_shown(frm)) return;
	}
}
