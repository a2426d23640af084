// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// How plans and runs are shown, before and after their start. Every text of theirs is escaped here.

frappe.provide("recovery_console");

(() => {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const MARKS = { done: "✓", failed: "✗", now: "→", "to come": "", "not done": "–" };
	const KINDS = {
		check: __("Check"),
		action: __("Change"),
		manual: __("By hand"),
		approval: __("Approval"),
		wait: __("Wait"),
	};
	const STATES = {
		done: __("Done"),
		failed: __("Failed"),
		now: __("Its turn"),
		"to come": __("To come"),
		"not done": __("Not done"),
	};
	const NOT_MADE = {
		moved: __("somebody changed it in the meantime, so it was left alone"),
		failed: __("failed"),
		unclear: __("interrupted, and nothing tells whether it was done"),
	};
	const RISKS = { read: "gray", reversible: "green", disruptive: "orange", destructive: "red" };
	const RISK_WORDS = {
		read: __("Changes nothing"),
		reversible: __("Can be taken back"),
		disruptive: __("Disturbs people at work"),
		destructive: __("Something is lost for good"),
	};
	const SHOWN_AT_ONCE = 5;
	const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?$/;

	frappe.dom.set_style(
		`.rc-run { overflow-wrap: anywhere; }
		.rc-state { border: 1px solid var(--border-color); border-left-width: 4px; padding: 12px 16px; margin-bottom: 16px;
			border-radius: var(--border-radius-md); }
		.rc-state.orange { border-left-color: var(--orange-500); } .rc-state.red { border-left-color: var(--red-500); }
		.rc-state.green { border-left-color: var(--green-500); } .rc-state.blue { border-left-color: var(--blue-500); }
		.rc-state .rc-sentence { font-size: var(--text-lg); font-weight: 600; max-width: 80ch; }
		.rc-state p { margin: 6px 0 0; max-width: 90ch; }
		.rc-buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
		.rc-asks { margin: 8px 0 0; padding-left: 18px; } .rc-asks li { margin: 2px 0; }
		.rc-steps { list-style: none; padding: 0; margin: 0; }
		.rc-step { display: flex; gap: 12px; padding-bottom: 18px; position: relative; }
		.rc-step > .rc-body { flex: 1; min-width: 0; }
		.rc-step:not(:last-child)::before { content: ""; position: absolute; left: 12px; top: 28px; bottom: 2px;
			border-left: 2px solid var(--border-color); }
		.rc-mark { flex: none; width: 26px; height: 26px; line-height: 24px; border-radius: 50%; text-align: center;
			font-weight: 700; border: 1px solid var(--border-color); background: var(--card-bg, var(--fg-color)); }
		.rc-step.done .rc-mark { background: var(--bg-green); color: var(--text-on-green); border-color: transparent; }
		.rc-step.failed .rc-mark { background: var(--bg-red); color: var(--text-on-red); border-color: transparent; }
		.rc-step.now .rc-mark { background: var(--bg-blue); color: var(--text-on-blue); border-color: transparent; }
		.rc-step-title { font-weight: 600; line-height: 26px; }
		.rc-step-title .rc-quiet { font-weight: normal; font-size: var(--text-sm); margin-left: 6px; }
		.rc-step p { margin: 4px 0; max-width: 90ch; white-space: pre-line; }
		.rc-command { display: flex; gap: 8px; align-items: flex-start; margin: 6px 0; }
		.rc-command pre { flex: 1; min-width: 0; margin: 0; padding: 8px 10px; white-space: pre-wrap; overflow-wrap: anywhere;
			border-radius: var(--border-radius); background: var(--control-bg); color: var(--text-color); }
		.rc-mind { background: rgba(237, 137, 54, 0.15); border-left: 3px solid var(--orange-500); border-radius: var(--border-radius);
			padding: 6px 10px; margin: 6px 0; max-width: 90ch; }
		.rc-not-made { background: rgba(226, 76, 76, 0.14); border-left: 3px solid var(--red-500); border-radius: var(--border-radius);
			padding: 6px 10px; margin: 6px 0; max-width: 90ch; }
		.rc-not-made ul { margin: 4px 0 0; padding-left: 18px; }
		.rc-sample { border-top: 1px solid var(--border-color); padding: 6px 0; }
		.rc-sample-name { font-weight: 500; }
		.rc-change { display: flex; flex-wrap: wrap; gap: 2px 6px; align-items: baseline; font-size: var(--text-sm); }
		.rc-change del, .rc-change ins { text-decoration: none; padding: 0 5px; border-radius: 4px; white-space: pre-wrap;
			font-family: var(--font-family-monospace, monospace); }
		.rc-change del { background: rgba(226, 76, 76, 0.18); } .rc-change ins { background: rgba(48, 166, 109, 0.22); }
		.rc-run details { margin: 6px 0; } .rc-run summary { cursor: pointer; color: var(--text-muted); }
		.rc-people { margin-bottom: 12px; color: var(--text-muted); }
		.rc-repairs { display: flex; flex-direction: column; gap: 6px; }
		.rc-repair { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; }`,
		"recovery-console-run-style"
	);

	recovery_console.risk_pill = (risk) =>
		`<span class="rc-pill ${RISKS[risk] || "gray"}">${escape(RISK_WORDS[risk] || risk)}</span>`;

	const paragraph = (text) => (text ? `<p>${recovery_console.prose(text)}</p>` : "");

	// A part that can be opened and stays as the reader left it when the page is drawn again.
	function fold(key, title, html, open) {
		if (!html) return "";
		return `<details data-key="${escape(key)}" ${open ? "open" : ""}><summary>${title}</summary>${html}</details>`;
	}

	function side(value) {
		if (value === null || value === undefined || value === "") return `<i>${__("empty")}</i>`;
		return escape(String(value).replace(TIME, "$1 $2"));
	}

	function change_html(change, sample) {
		const elsewhere =
			change.name !== sample.name || change.doctype !== sample.doctype
				? `<span class="rc-quiet">${escape(__(change.doctype))} ${escape(change.name)}</span> `
				: "";
		return `<div class="rc-change">${elsewhere}<span>${escape(change.what)}</span>
			<del title="${__("Before")}">${side(change.before)}</del> →
			<ins title="${__("After")}">${side(change.after)}</ins></div>`;
	}

	function sample_html(sample) {
		return `<div class="rc-sample"><div class="rc-sample-name">${recovery_console.subject_link(sample)}</div>
			${sample.why ? `<div class="rc-quiet">${escape(sample.why)}</div>` : ""}
			${sample.changes.map((change) => change_html(change, sample)).join("")}</div>`;
	}

	function samples_html(plan, key) {
		const [first, rest] = [plan.samples.slice(0, SHOWN_AT_ONCE), plan.samples.slice(SHOWN_AT_ONCE)];
		const beyond = plan.count - plan.samples.length;
		return `${first.map(sample_html).join("")}
			${fold(`${key} more`, __("{0} more", [rest.length]), rest.map(sample_html).join(""))}
			${beyond > 0 ? `<p class="rc-quiet">${__("And {0} more of the same kind, not shown here.", [beyond])}</p>` : ""}`;
	}

	// What a step is going to change: to the value.
	function plan_html(plan, key, open) {
		const left = plan.left_out
			.map((item) => `<li>${recovery_console.subject_link(item)}: ${escape(item.why)}</li>`)
			.join("");
		const evidence = recovery_console.evidence_html(plan.evidence);
		const for_good = plan.count && !plan.reversible ? __("Not all of this can be taken back.") : "";
		return `${plan.count ? "" : `<p>${escape(plan.title)}</p><p class="rc-quiet">${__("There is nothing to change.")}</p>`}
			${[for_good, ...plan.warnings]
				.filter(Boolean)
				.map((text) => `<div class="rc-mind">${recovery_console.prose(text)}</div>`)
				.join("")}
			${plan.count ? fold(`${key} plan`, escape(plan.title), samples_html(plan, key), open) : ""}
			${fold(`${key} left`, __("Left alone: {0}", [plan.left_out.length]), left && `<ul>${left}</ul>`, false)}
			${fold(`${key} why`, __("What it was worked out from"), evidence && `<div class="rc-evidence">${evidence}</div>`)}`;
	}

	function bad_html(bad) {
		if (!bad.length) return "";
		const lines = bad.map((item) => {
			const name = item.name ? `${recovery_console.subject_link(item)}: ` : "";
			return `<li>${name}${escape(item.why || NOT_MADE[item.made] || item.made)}</li>`;
		});
		return `<div class="rc-not-made">${__("Not made:")}<ul>${lines.join("")}</ul></div>`;
	}

	const command_html = (command) =>
		command
			? `<div class="rc-command"><pre>${escape(command)}</pre>
				<button class="btn btn-xs btn-default rc-copy">${__("Copy")}</button></div>`
			: "";

	function progress(step) {
		const parts = [];
		if (step.made) parts.push(__("{0} of {1} made", [step.made, step.planned]));
		if (step.undone) parts.push(__("{0} taken back", [step.undone]));
		return parts.length ? `<span class="rc-quiet">${parts.join(", ")}</span>` : "";
	}

	function step_html(step, number, state) {
		const pending = state !== "done";
		return `<li class="rc-step ${escape(state.replace(" ", "-"))}">
			<span class="rc-mark" title="${escape(STATES[state])}" aria-label="${escape(STATES[state])}">${
			step.undone && !step.made ? "↶" : MARKS[state] || number
		}</span>
			<div class="rc-body"><div class="rc-step-title">${escape(step.title)}
				<span class="rc-quiet">${escape(KINDS[step.kind] || step.kind)}</span>${progress(step)}</div>
			${paragraph(step.instruction)}${command_html(step.command)}
			${paragraph(step.said)}${bad_html(step.bad)}
			${step.plan ? plan_html(step.plan, `step ${number} ${pending}`, pending) : ""}
			${pending && !step.plan && step.kind === "action" ? late_html() : ""}</div></li>`;
	}

	const late_html = () =>
		`<p class="rc-quiet">${__("What this changes depends on the steps before; it is planned when its turn comes.")}</p>`;

	// The steps of a run, or of a plan, of which no step's turn has come.
	recovery_console.steps_html = (run) => {
		const steps = run.steps.map((step, number) => step_html(step, number + 1, run.id ? step.state : "to come"));
		return `<ol class="rc-steps">${steps.join("")}</ol>`;
	};

	// Whether there is anything for this plan to do.
	recovery_console.has_work = (run) =>
		run.steps.some((step) =>
			step.kind === "action" ? !step.plan || step.plan.count > 0 : ["manual", "approval"].includes(step.kind)
		);

	// What must be given before it goes on, a line for each.
	recovery_console.asks_html = (asks, site) => {
		if (!asks) return "";
		const lines = [__("Somebody with the role {0} must agree.", [`<b>${escape(__(asks.role))}</b>`])];
		if (asks.second_person) lines.push(__("It takes a second person: not the one who asked for it."));
		if (asks.backup) lines.push(__("There must be a whole backup that is younger than a day."));
		if (asks.typed) lines.push(__("The name of the site must be typed: {0}", [`<code>${escape(site)}</code>`]));
		return `<ul class="rc-asks">${lines.map((line) => `<li>${line}</li>`).join("")}</ul>`;
	};

	// A dialog of ours. Frappe leaves the button that closes it, what it is about, and its fields without a name for
	// screen readers.
	recovery_console.dialog = (options) => {
		const dialog = new frappe.ui.Dialog(options);
		const id = frappe.utils.get_random(8);
		dialog.$wrapper.addClass("rc-dialog").attr({ role: "dialog", "aria-modal": "true", "aria-labelledby": id });
		dialog.$wrapper.find(".modal-title").first().attr("id", id);
		dialog.$wrapper.find(".btn-modal-close").attr("aria-label", __("Close"));
		dialog.$wrapper.find(".btn-modal-minimize").attr("aria-label", __("Minimize"));
		dialog.$wrapper.on("show.bs.modal shown.bs.modal", () => recovery_console.name_fields(dialog));
		return dialog;
	};

	// Again when fields were shown that were hidden before: Frappe makes their inputs only then.
	recovery_console.name_fields = (dialog) => {
		for (const { df, $wrapper } of dialog.fields_list) {
			if (df.label) $wrapper.find("input, textarea, select").attr("aria-label", frappe.utils.html2text(df.label));
		}
	};

	// Buttons that copy a command; those of a page that is drawn again are bound again.
	recovery_console.bind_copying = ($wrapper) =>
		$wrapper.find(".rc-copy").on("click", function () {
			frappe.utils.copy_to_clipboard($(this).siblings("pre").text());
		});
})();
