// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The checklist of the first five minutes: it looks by itself what is done, and goes when all of it is.

frappe.provide("recovery_console.setup");

(() => {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const HIDDEN = "recovery_console_setup_hidden";
	const FOLDED = "recovery_console_setup_folded";

	// Where each step is taken, and who may take it; the diagnosis is begun on the page itself.
	const STEPS = {
		contacts: { open: () => open_settings("contacts"), may: () => frappe.model.can_write("Recovery Settings") },
		channel: { open: open_channel, may: () => frappe.model.can_create("Recovery Channel") },
		people: { open: () => frappe.set_route("List", "User"), may: () => frappe.model.can_write("User") },
		sepa: { open: () => frappe.set_route("List", "SEPA Profile"), may: () => frappe.model.can_write("SEPA Profile") },
		scheduled: { open: why_no_snapshot, label: () => __("Why Not Yet?"), may: () => recovery_console.why.may_ask() },
		heartbeat: { open: () => open_settings("heartbeat_url"), may: () => frappe.model.can_write("Recovery Settings") },
	};

	// Its form looks here where it shall open.
	function open_settings(field) {
		recovery_console.setup.field = field;
		return frappe.set_route("Form", "Recovery Settings");
	}

	// The one that was not tried yet; where there is none, it is made.
	async function open_channel() {
		const [found] = await frappe.db.get_list("Recovery Channel", { filters: { enabled: 1 }, limit: 1 });
		if (found) frappe.set_route("Form", "Recovery Channel", found.name);
		else frappe.new_doc("Recovery Channel");
	}

	function why_no_snapshot() {
		return recovery_console.why.open("job", { about: "recovery_console.tasks.hourly_snapshot" });
	}

	frappe.dom.set_style(
		`.rc-setup { border: 1px solid var(--border-color); border-radius: var(--border-radius-md); padding: 12px 16px; margin-bottom: 16px; }
		.rc-setup summary { font-size: var(--text-lg); font-weight: 600; color: var(--text-color); }
		.rc-setup[open] summary { margin-bottom: 8px; }
		.rc-setup { color: var(--text-color); background: var(--card-bg, var(--fg-color)); margin-top: 16px; }
		.rc-setup ol { list-style: none; margin: 0; padding: 0; }
		.rc-setup li { display: flex; gap: 12px; padding: 6px 0; align-items: baseline; }
		.rc-setup .rc-setup-mark { width: 1.2em; flex: none; font-weight: 600; }
		.rc-setup li.done .rc-setup-mark { color: var(--green-600); } [data-theme="dark"] .rc-setup li.done .rc-setup-mark { color: var(--green-400); }
		.rc-setup li.done .rc-why { display: none; }
		.rc-setup .rc-why { color: var(--text-muted); display: block; max-width: 80ch; }
		.rc-setup .btn { margin-left: auto; flex: none; }`,
		"recovery-console-setup-style"
	);

	function step_html(step) {
		const [mark, word] = step.done ? ["✓", __("Done")] : ["○", __("To do")];
		const optional = step.needed ? "" : ` <span class="rc-quiet">${__("(worth having)")}</span>`;
		const button = step.done ? "" : button_html(step);
		return `<li data-id="${escape(step.id)}" class="${step.done ? "done" : ""}"><span class="rc-setup-mark" aria-hidden="true">${mark}</span>
			<span><span class="sr-only">${word}: </span>${escape(step.title)}${optional}<span class="rc-why">${escape(step.why)}</span></span>
			${button}</li>`;
	}

	function button_html({ id, title }) {
		const step = STEPS[id];
		if (id !== "diagnosis" && !(step && step.may())) return "";
		const label = id === "diagnosis" ? __("Look Now") : step.label ? step.label() : __("Open");
		return `<button type="button" class="btn btn-default btn-xs" data-step="${escape(id)}"
			aria-label="${escape(`${label}: ${title}`)}">${label}</button>`;
	}

	function html({ steps, ready }) {
		const hide = `<button type="button" class="btn btn-default btn-xs rc-hide-setup">${__("Hide")}</button>`;
		if (ready) {
			return `<div class="rc-setup ready"><ol><li class="done"><span class="rc-setup-mark" aria-hidden="true">✓</span>
				<span>${__("Everything that an emergency needs is set up.")}</span>${hide}</li></ol></div>`;
		}
		const done = steps.filter((step) => step.done).length;
		const open = localStorage.getItem(FOLDED) === frappe.boot.sitename ? "" : "open";
		return `<details class="rc-setup" ${open}><summary>${__("Be ready before the night: {0} of {1}", [done, steps.length])}</summary>
			<ol>${steps.map(step_html).join("")}</ol></details>`;
	}

	// Shows the checklist in $place; `diagnose` begins a diagnosis.
	recovery_console.setup.show = async ($place, diagnose) => {
		const message = await recovery_console.ask("recovery_console.api_setup.steps");
		if (!message || (message.ready && localStorage.getItem(HIDDEN) === frappe.boot.sitename)) {
			$place.empty();
			return message;
		}
		$place.html(html(message));
		$place.find("[data-step]").on("click", (event) => {
			const step = event.currentTarget.dataset.step;
			if (step === "diagnosis") diagnose();
			else STEPS[step].open();
		});
		// `toggle` does not bubble.
		$place.find("details").on("toggle", ({ currentTarget }) => {
			if (currentTarget.open) localStorage.removeItem(FOLDED);
			else localStorage.setItem(FOLDED, frappe.boot.sitename);
		});
		$place.find(".rc-hide-setup").on("click", () => {
			localStorage.setItem(HIDDEN, frappe.boot.sitename);
			$place.empty();
		});
		return message;
	};
})();
