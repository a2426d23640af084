// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// What can be done about a run, and what each button asks before it does it.

frappe.provide("recovery_console");

(() => {
	const ENDED = ["Succeeded", "Failed", "Undone", "Abandoned"];
	const MOVING = ["Running", "Verifying"];
	const ROLES = ["Recovery Operator", "Recovery Manager", "System Manager"];
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

	const manual_step = (run) =>
		ENDED.includes(run.state) || run.undoing
			? -1
			: run.steps.findIndex((step) => step.kind === "manual" && step.state === "now");

	// Why this user cannot be the one who agrees; empty where they can. The server decides; this only spares a try.
	function may_approve(run) {
		if (!has_role(run.asks.role)) return __("You do not have this role. Send the address of this page to somebody who has.");
		if (run.asks.second_person && run.requested_by === frappe.session.user) {
			return __("You asked for it yourself, so it takes somebody else. Send them the address of this page.");
		}
		return "";
	}

	function has_role(role) {
		const wider = role === "Recovery Operator" ? ["Recovery Manager"] : [];
		return [role, ...wider, "System Manager"].some((name) => frappe.user.has_role(name));
	}

	const BUTTONS = {
		approve: { label: __("Approve"), primary: true, act: approve },
		confirm: { label: __("It Is Done"), primary: true, act: confirm_step },
		resume: { label: __("Resume"), primary: true, act: ask_for("resume_run", __("Resume"), __("Let it go on?")) },
		advance: { label: __("Do the Next Step Here"), act: (view) => advance(view, 1) },
		advance_all: { label: __("Do All Steps Here"), act: (view) => advance(view, 100) },
		reject: {
			label: __("Reject"),
			act: ask_for("reject_run", __("Reject"), __("Nothing of it will be made."), { needs_reason: true }),
		},
		pause: { label: __("Pause"), act: ask_for("pause_run", __("Pause"), __("It stops before its next change.")) },
		cancel: {
			label: __("Cancel Run"),
			act: ask_for(
				"cancel_run",
				__("Cancel Run"),
				__("It ends before its next change. What it made stays, and can be undone.")
			),
		},
		undo: {
			label: __("Undo"),
			act: ask_for("undo_run", __("Undo"), __("Everything that it made is taken back, in the opposite order.")),
		},
	};

	// What fits how it stands, the likeliest first.
	function buttons_of(run, state) {
		if (!ROLES.some((role) => frappe.user.has_role(role))) return [];
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

	function ask_for(method, title, text, { needs_reason = false } = {}) {
		return (view) => {
			const dialog = recovery_console.dialog({
				title,
				fields: [
					{ fieldtype: "HTML", options: `<p>${text}</p>` },
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Why, for the record"), reqd: needs_reason },
				],
				primary_action_label: title,
				// What was typed stays when it is refused.
				async primary_action({ reason }) {
					if (await view.request(method, { reason: reason || "" })) dialog.hide();
				},
			});
			dialog.show();
		};
	}

	function approve(view) {
		const { asks, site, digest, planned } = view.run;
		const for_good =
			asks.risk === "destructive" ? `<p><b>${__("Something is lost for good.")}</b></p>` : "";
		const backup = asks.backup
			? `<p>${__("There must be a whole backup that is younger than a day.")}
				<a href="${frappe.utils.get_form_link("Runbook", "take-backup")}">${__("Take one")}</a></p>`
			: "";
		const typed_field = {
			fieldname: "typed",
			fieldtype: "Data",
			label: __("Type the name of the site: {0}", [escape(site)]),
			reqd: 1,
		};
		const dialog = recovery_console.dialog({
			title: __("Approve"),
			fields: [
				{
					fieldtype: "HTML",
					options: `<p>${__("You agree to exactly what is shown. Planned changes: {0}.", [
						planned,
					])}</p>${for_good}${backup}`,
				},
				{
					fieldname: "reason",
					fieldtype: "Small Text",
					label: __("Why, for the record"),
					reqd: ["disruptive", "destructive"].includes(asks.risk),
				},
				...(asks.typed ? [typed_field] : []),
			],
			primary_action_label: __("Approve"),
			async primary_action({ reason, typed }) {
				const run = await view.request("approve_run", { reason: reason || "", typed: typed || "", digest });
				if (run) dialog.hide();
			},
		});
		dialog.show();
	}

	function confirm_step(view) {
		const step = view.run.steps[manual_step(view.run)];
		const check = step.check
			? `<p class="text-muted">${__("A check looks whether it was done: {0}", [escape(step.check)])}</p>`
			: "";
		const dialog = recovery_console.dialog({
			title: escape(step.title),
			fields: [
				{ fieldtype: "HTML", options: `<p>${recovery_console.prose(step.instruction)}</p>${check}` },
				{ fieldname: "note", fieldtype: "Small Text", label: __("What you did, for the record") },
			],
			primary_action_label: __("It Is Done"),
			async primary_action({ note }) {
				if (await view.request("confirm_step", { note: note || "" })) dialog.hide();
			},
		});
		dialog.show();
	}

	// For dead queues: each step in a request of its own, so that none runs into the limit of requests.
	async function advance(view, most) {
		for (let count = 0; count < most; count += 1) {
			const before = view.text;
			const run = await view.request("advance_run", {}, __("Doing the next step…"));
			const goes_on = run && (MOVING.includes(run.state) || run.state === "Planned");
			if (!goes_on || JSON.stringify(run) === before || !view.is_shown()) return;
		}
	}

	recovery_console.run_buttons = { ENDED, MOVING, BUTTONS, buttons_of, manual_step, may_approve };
})();
