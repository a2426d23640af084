// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The checklist of the first five minutes: it looks by itself what is done, and goes when all of it is.

frappe.provide("recovery_console.setup");

(() => {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const HIDDEN = "recovery_console_setup_hidden";
	// Where each step is taken; the diagnosis is begun on the page itself.
	const PLACES = {
		contacts: ["Form", "Recovery Settings"],
		channel: ["List", "Recovery Channel"],
		people: ["List", "User"],
		sepa: ["List", "SEPA Profile"],
		heartbeat: ["Form", "Recovery Settings"],
	};

	frappe.dom.set_style(
		`.rc-setup { border: 1px solid var(--border-color); border-radius: var(--border-radius-md); padding: 12px 16px; margin-bottom: 16px; }
		.rc-setup h3 { font-size: var(--text-lg); margin: 0 0 8px; }
		.rc-setup ol { list-style: none; margin: 0; padding: 0; }
		.rc-setup li { display: flex; gap: 12px; padding: 6px 0; align-items: baseline; }
		.rc-setup .rc-mark { width: 1.2em; flex: none; font-weight: 600; }
		.rc-setup li.done .rc-mark { color: var(--green-600); } [data-theme="dark"] .rc-setup li.done .rc-mark { color: var(--green-400); }
		.rc-setup li.done .rc-why { display: none; }
		.rc-setup .rc-why { color: var(--text-muted); display: block; max-width: 80ch; }
		.rc-setup .btn { margin-left: auto; flex: none; }`,
		"recovery-console-setup-style"
	);

	function step_html(step) {
		const [mark, word] = step.done ? ["✓", __("Done")] : ["○", __("To do")];
		const optional = step.needed ? "" : ` <span class="rc-quiet">${__("(worth having)")}</span>`;
		const button =
			!step.done && (PLACES[step.id] || step.id === "diagnosis")
				? `<button type="button" class="btn btn-default btn-xs" data-step="${escape(step.id)}"
					aria-label="${escape(step.title)}">${step.id === "diagnosis" ? __("Look Now") : __("Open")}</button>`
				: "";
		return `<li class="${step.done ? "done" : ""}"><span class="rc-mark" aria-hidden="true">${mark}</span>
			<span><span class="sr-only">${word}: </span>${escape(step.title)}${optional}<span class="rc-why">${escape(step.why)}</span></span>
			${button}</li>`;
	}

	function html({ steps, ready }) {
		const hide = `<button type="button" class="btn btn-default btn-xs rc-hide-setup">${__("Hide")}</button>`;
		if (ready) {
			return `<div class="rc-setup"><ol><li class="done"><span class="rc-mark" aria-hidden="true">✓</span>
				<span>${__("Everything that an emergency needs is set up.")}</span>${hide}</li></ol></div>`;
		}
		const done = steps.filter((step) => step.done).length;
		return `<div class="rc-setup"><h3>${__("Be ready before the night: {0} of {1}", [done, steps.length])}</h3>
			<ol>${steps.map(step_html).join("")}</ol></div>`;
	}

	// Shows the checklist in $place; `diagnose` begins a diagnosis.
	recovery_console.setup.show = async ($place, diagnose) => {
		const { message } = await frappe.call({ method: "recovery_console.api_setup.steps", type: "GET" });
		if (!message || (message.ready && localStorage.getItem(HIDDEN) === frappe.boot.sitename)) {
			$place.empty();
			return message;
		}
		$place.html(html(message));
		$place.find("[data-step]").on("click", (event) => {
			const step = event.currentTarget.dataset.step;
			if (step === "diagnosis") diagnose();
			else frappe.set_route(...PLACES[step]);
		});
		$place.find(".rc-hide-setup").on("click", () => {
			localStorage.setItem(HIDDEN, frappe.boot.sitename);
			$place.empty();
		});
		return message;
	};
})();
