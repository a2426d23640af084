// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The dialogs of the Why? troubleshooters and of "Explain this error". Every text that comes from the server is escaped
// here: it may quote anything.

frappe.provide("recovery_console.why");

(() => {
	const why = recovery_console.why;
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const MARKS = { ok: "✓", blocked: "✗", unknown: "?", skipped: "–" };
	const WORDS = {
		ok: __("Fine"),
		blocked: __("In the way"),
		unknown: __("Could not look"),
		skipped: __("Does not apply"),
	};
	const ABOUT = {
		login: __("A person is turned away, or lands where they cannot work."),
		permission: __("A person cannot open, change or submit something."),
		email: __("A mail was sent, and nobody got it."),
		import: __("A file was imported, and rows are missing."),
		payment: __("Money was not collected, or is not matched in the books."),
		job: __("A background or scheduled job does nothing."),
	};
	const NAMED_AT_ONCE = 5;

	frappe.dom.set_style(
		`.rc-why { overflow-wrap: anywhere; }
		.rc-why-answer { border: 1px solid var(--border-color); border-left-width: 4px; padding: 12px 16px; margin: 4px 0 18px;
			border-radius: var(--border-radius-md); }
		.rc-why-answer.blocked { border-left-color: var(--red-500); } .rc-why-answer.ok { border-left-color: var(--green-500); }
		.rc-why-answer.unknown { border-left-color: var(--purple-500); }
		.rc-why-answer p { margin: 0; max-width: 80ch; } .rc-why-answer .rc-say { font-size: var(--text-lg); font-weight: 600; }
		.rc-why-steps { list-style: none; padding: 0; margin: 0; }
		.rc-why-step { display: flex; gap: 12px; padding-bottom: 14px; position: relative; }
		.rc-why-step > div { flex: 1; min-width: 0; }
		.rc-why-step:not(:last-child)::before { content: ""; position: absolute; left: 11px; top: 26px; bottom: 2px;
			border-left: 2px solid var(--border-color); }
		.rc-why-mark { flex: none; width: 24px; height: 24px; line-height: 24px; border-radius: 50%; text-align: center;
			font-weight: 700; background: var(--bg-gray); color: var(--text-on-gray); }
		.rc-why-step.ok .rc-why-mark { background: var(--bg-green); color: var(--text-on-green); }
		.rc-why-step.blocked .rc-why-mark { background: var(--bg-red); color: var(--text-on-red); }
		.rc-why-step.unknown .rc-why-mark { background: var(--bg-purple); color: var(--text-on-purple); }
		.rc-why-question { font-weight: 600; line-height: 24px; margin: 0; font-size: inherit; color: var(--text-color); }
		.rc-why-question .rc-quiet { font-weight: normal; font-size: var(--text-sm); margin-left: 6px; }
		.rc-why-step.skipped, .rc-why-step.skipped .rc-why-question { color: var(--text-muted); }
		.rc-why-step p { margin: 2px 0; max-width: 85ch; } .rc-why p a, .rc-why .rc-evidence a { text-decoration: underline; }
		.rc-why-step details { margin: 4px 0 0; } .rc-why-step summary { cursor: pointer; color: var(--text-muted); }
		.rc-why-step .rc-repairs { margin-top: 6px; }
		.rc-why-list { display: grid; gap: 8px; padding: 0; margin: 0; list-style: none; }
		.rc-why-list button { width: 100%; text-align: left; white-space: normal; padding: 10px 14px; }
		.rc-why-list b { display: block; font-weight: 600; color: var(--text-color); }
		.rc-error-known { border: 1px solid var(--border-color); border-left: 4px solid var(--blue-500); padding: 12px 16px;
			margin-bottom: 12px; border-radius: var(--border-radius-md); overflow-wrap: anywhere; }
		.rc-error-known h4 { font-size: var(--text-lg); margin: 0 0 6px; }
		.rc-error-known p { margin: 0 0 6px; max-width: 90ch; white-space: pre-line; }`,
		"recovery-console-why-style"
	);

	let questions = null;
	const all_questions = async () => {
		questions = questions || (await frappe.xcall("recovery_console.api_why.questions"));
		return questions;
	};

	// -- what would help

	let runbooks = {};
	// Fetch titles and risks of runbooks; those that this site does not have are not offered.
	async function learn_runbooks(names) {
		const unknown = [...new Set(names)].filter((name) => !(name in runbooks));
		if (!unknown.length || !frappe.model.can_read("Runbook")) return;
		const found = await frappe.xcall("recovery_console.api.runbooks", { names: unknown });
		for (const name of unknown) runbooks[name] = found.find((item) => item.id === name) || null;
	}

	function repair_html(repair, number) {
		const runbook = runbooks[repair.runbook];
		if (!runbook) return "";
		const by_hand = !runbook.steps.some((step) => step.kind === "action");
		const label = by_hand ? __("By Hand…") : __("Repair…");
		return `<div class="rc-repair"><button type="button" data-repair="${number}" class="btn btn-xs btn-default"
			aria-label="${escape(`${label} ${__(runbook.title)}`)}">${label}</button>
			<a href="${escape(frappe.utils.get_form_link("Runbook", runbook.id))}">${escape(__(runbook.title))}</a>
			${by_hand ? "" : recovery_console.risk_pill(runbook.risk)}</div>`;
	}

	// Plan a runbook that is told what it is about.
	why.repair = (repair, subjects = []) =>
		recovery_console.repair(repair.runbook, subjects, null, repair.parameters || {});

	// -- an answer

	const fold = (title, html) =>
		html ? `<details class="rc-fold"><summary>${title}</summary>${html}</details>` : "";

	function step_html(step) {
		const named = step.subjects.slice(0, NAMED_AT_ONCE).map(recovery_console.subject_link).join(", ");
		const evidence = recovery_console.evidence_html(step.evidence);
		const repairs = step.repairs.map((repair) => repair_html(repair, step.offered.indexOf(repair))).join("");
		const loud = ["blocked", "unknown"].includes(step.verdict);
		const see = named ? `<p class="rc-quiet">${__("See: {0}", [named])}</p>` : "";
		return `<li class="rc-why-step ${escape(step.verdict)}" data-step="${escape(step.id)}">
			<span class="rc-why-mark" aria-hidden="true">${MARKS[step.verdict]}</span>
			<div><h4 class="rc-why-question">${escape(step.question)}
				<span class="rc-quiet">${escape(WORDS[step.verdict])}</span></h4>
			<p>${recovery_console.prose(step.answer)}</p>
			${loud && step.remedy ? `<p class="rc-quiet">${recovery_console.prose(step.remedy)}</p>` : ""}
			${loud ? see : ""}
			${repairs ? `<div class="rc-repairs">${repairs}</div>` : ""}
			${fold(__("Evidence"), (loud ? "" : see) + (evidence && `<div class="rc-evidence">${evidence}</div>`))}</div></li>`;
	}

	why.answer_html = (answer) => {
		const offered = answer.steps.flatMap((step) => step.repairs);
		for (const step of answer.steps) step.offered = offered;
		const shown = answer.steps.filter((step) => step.verdict !== "skipped");
		const skipped = answer.steps.filter((step) => step.verdict === "skipped");
		const steps = (list) => `<ol class="rc-why-steps">${list.map(step_html).join("")}</ol>`;
		return `<div class="rc-why" data-verdict="${escape(answer.verdict)}">
			<div class="rc-why-answer ${escape(answer.verdict)}" role="status"><p class="rc-quiet">${escape(answer.question)}</p>
				<p class="rc-say">${recovery_console.prose(answer.sentence)}</p></div>
			${steps(shown)}
			${fold(__("Does not apply: {0}", [skipped.length]), skipped.length ? steps(skipped) : "")}</div>`;
	};

	function bind($wrapper, answer) {
		$wrapper.find("[data-repair]").on("click", function () {
			const repair = answer.steps[0].offered[Number(this.dataset.repair)];
			const step = answer.steps.find((item) => item.repairs.includes(repair));
			why.repair(repair, step ? step.subjects : []);
		});
	}

	// -- the dialogs

	function field_of(item, given) {
		const field = {
			fieldname: item.name,
			label: item.title,
			reqd: item.required,
			default: given[item.name],
			placeholder: item.hint, // as a description it is too pale in Frappe 16
			length: 500,
		};
		if (item.choices.length) {
			return { ...field, fieldtype: "Select", options: item.choices, default: field.default || item.choices[0] };
		}
		if (item.doctype) return { ...field, fieldtype: "Link", options: item.doctype };
		if (item.doctype_in) return { ...field, fieldtype: "Dynamic Link", options: item.doctype_in };
		return { ...field, fieldtype: "Data" };
	}

	why.ask = async (id, given = {}) => {
		const question = (await all_questions()).find((item) => item.id === id);
		if (!question) return frappe.msgprint(__("There is no such question."));
		const dialog = recovery_console.dialog({
			title: escape(question.title),
			size: "large",
			fields: [...question.takes.map((item) => field_of(item, given)), { fieldname: "rc_answer", fieldtype: "HTML" }],
		});
		dialog.$wrapper.addClass("rc-why-dialog").attr("data-question", id);
		const show_fields = (shown) => {
			for (const { name } of question.takes) dialog.set_df_property(name, "hidden", shown ? 0 : 1);
			dialog.$wrapper.attr("data-stage-why", shown ? "ask" : "answer");
			dialog.set_primary_action(shown ? __("Ask") : __("Ask Again"), ask);
			dialog.get_secondary_btn().toggleClass("hide", shown);
		};
		const $answer = dialog.get_field("rc_answer").$wrapper;
		async function ask() {
			const told = dialog.get_values();
			if (!told) return;
			delete told.rc_answer;
			dialog.disable_primary_action();
			$answer.html(`<p class="rc-quiet" role="status">${__("Looking…")}</p>`);
			try {
				const answer = await frappe.xcall("recovery_console.api_why.ask", { question: id, given: told });
				await learn_runbooks(answer.steps.flatMap((step) => step.repairs.map((item) => item.runbook)));
				$answer.html(why.answer_html(answer));
				bind($answer, answer);
				show_fields(false);
			} catch {
				$answer.empty(); // what the server said is shown already
			}
			dialog.enable_primary_action();
		}
		dialog.set_secondary_action_label(__("Ask About Another"));
		dialog.set_secondary_action(() => {
			$answer.empty();
			show_fields(true);
		});
		show_fields(true);
		dialog.show();
		if (why.is_told(question, given)) await ask();
		return dialog;
	};

	// Whether nothing is left for the reader to say.
	why.is_told = (question, given) => {
		const required = question.takes.filter((item) => item.required);
		if (question.id === "permission") return Boolean(given.user && given.doctype && given.right);
		return required.length ? required.every((item) => given[item.name]) : Object.values(given).some(Boolean);
	};

	why.offer = async () => {
		const dialog = recovery_console.dialog({
			title: __("Why?"),
			fields: [{ fieldname: "rc_list", fieldtype: "HTML" }],
		});
		const entry = (id, title, about) =>
			`<li><button type="button" class="btn btn-default" data-question="${escape(id)}"><b>${escape(title)}</b>
				<span class="rc-quiet">${escape(about)}</span></button></li>`;
		const listed = (await all_questions()).map((item) => entry(item.id, item.title, ABOUT[item.id] || ""));
		const error = entry("error", __("What does this error mean?"), __("Paste it, or choose an Error Log."));
		const $list = dialog.get_field("rc_list").$wrapper;
		$list.html(`<ul class="rc-why-list">${listed.join("")}${error}</ul>`);
		dialog.$wrapper.addClass("rc-why-dialog").attr("data-question", "choose");
		$list.find("button").on("click", function () {
			dialog.hide();
			if (this.dataset.question === "error") why.ask_for_error();
			else why.ask(this.dataset.question);
		});
		dialog.show();
		return dialog;
	};

	// -- known errors

	function match_html(match, number, offered) {
		const repairs = match.runbooks.map((id) => {
			offered.push({ runbook: id, parameters: {} });
			return repair_html({ runbook: id }, offered.length - 1);
		});
		const part = (label, text) =>
			text ? `<p><span class="rc-quiet">${label}</span> ${recovery_console.prose(text)}</p>` : "";
		return `<div class="rc-error-known" data-error="${escape(match.id)}"><h4>${escape(match.title)}
				<span class="rc-quiet">${escape(match.id)}</span></h4>
			${part(__("Why:"), match.cause)}${part(__("What to do:"), match.fix)}
			${repairs.join("") ? `<div class="rc-repairs">${repairs.join("")}</div>` : ""}
			${fold(__("Where it says so"), `<p><code>${escape(match.excerpt)}</code></p>`)}</div>`;
	}

	// Show known errors in a place, with what answers them.
	why.show_matches = async ($place, found) => {
		await learn_runbooks(found.matches.flatMap((match) => match.runbooks));
		const offered = [];
		const [first, ...others] = found.matches.map((match, number) => match_html(match, number, offered));
		const none = `<p class="rc-quiet" role="status">${__("Nothing known was found in this text.")}</p>`;
		$place.html(
			`<div class="rc-why">${first || none}${fold(__("Also found: {0}", [others.length]), others.join(""))}
			${found.notes.map((note) => `<p class="rc-quiet">${escape(note)}</p>`).join("")}</div>`
		);
		$place.find("[data-repair]").on("click", function () {
			why.repair(offered[Number(this.dataset.repair)]);
		});
	};

	why.ask_for_error = async (given = {}) => {
		const dialog = recovery_console.dialog({
			title: __("Explain This Error"),
			size: "large",
			fields: [
				{
					fieldname: "text",
					fieldtype: "Small Text",
					label: __("Error text"),
					default: given.text,
					placeholder: __("Paste it whole: a message, a traceback or a piece of a log. It is kept nowhere."),
				},
				{
					fieldname: "error_log",
					fieldtype: "Link",
					options: "Error Log",
					label: __("Or an Error Log"),
					default: given.error_log,
				},
				{ fieldname: "rc_answer", fieldtype: "HTML" },
			],
		});
		dialog.$wrapper.addClass("rc-why-dialog").attr("data-question", "error");
		const explain = async () => {
			const { text, error_log } = dialog.get_values(true);
			if (!text && !error_log) return frappe.show_alert(__("Paste an error text, or choose an Error Log."));
			const [method, args] = text
				? ["recovery_console.api.explain", { text }]
				: ["recovery_console.api_why.explain_error_log", { name: error_log }];
			dialog.disable_primary_action();
			try {
				const { message } = await frappe.call({ method, args, type: "POST" });
				await why.show_matches(dialog.get_field("rc_answer").$wrapper, message);
			} catch {
				// what the server said is shown already
			}
			dialog.enable_primary_action();
		};
		dialog.set_primary_action(__("Explain"), explain);
		dialog.show();
		if (given.text || given.error_log) await explain();
		return dialog;
	};

	// Above the traceback of an Error Log: what is known about it.
	why.explain_form = async (frm) => {
		const name = frm.docname;
		const found = await frappe.xcall("recovery_console.api_why.explain_error_log", { name });
		if (frm.docname !== name) return; // another one was opened meanwhile
		frm.layout.wrapper.find(".rc-known-errors").remove();
		const $place = $(`<div class="rc-known-errors" style="margin: var(--margin-md) 0"></div>`);
		frm.layout.wrapper.prepend($place);
		await why.show_matches($place, found);
	};
})();
