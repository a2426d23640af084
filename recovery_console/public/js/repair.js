// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The dialog that plans a runbook, shows what it would change, and starts it. Nothing is changed before its run is
// approved; planning keeps nothing.

frappe.provide("recovery_console");

(() => {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const MANY_LINES = /csv|text$/;
	const NAMED_AT_MOST = 5;
	const HINTS = {
		duration: __("A number and its unit, such as 15 min, 24 h or 7 d."),
		"list of names": __("Names with commas between them, or one on each line."),
	};

	function field_of(parameter, given) {
		const field = {
			fieldname: parameter.name,
			label: __(parameter.title),
			reqd: parameter.required,
			default: given[parameter.name] ?? parameter.default,
			description: HINTS[parameter.type] || "",
			length: 1000000, // Desk's own limit of 140 characters is not ours
		};
		if (parameter.secret) return { ...field, fieldtype: "Password", description: __("It is kept nowhere.") };
		const types = { "whole number": "Int", number: "Float", "yes or no": "Check", "list of names": "Small Text" };
		if (parameter.type === "text" && MANY_LINES.test(parameter.name)) return { ...field, fieldtype: "Code" };
		return { ...field, fieldtype: types[parameter.type] || "Data" };
	}

	// What differs from the default; the rest the runbook knows itself.
	function values_of(parameters, entered) {
		const values = {};
		for (const { name, type, default: normal } of parameters) {
			const value = entered[name];
			if (type === "yes or no") {
				if (Boolean(value) !== Boolean(normal)) values[name] = Boolean(value);
			} else if (type === "list of names" && value && value.includes("\n")) {
				values[name] = value
					.split("\n")
					.map((line) => line.trim())
					.filter(Boolean);
			} else if (value === undefined || value === null || value === "") {
				if (normal && ["text", "list of names"].includes(type)) values[name] = "";
			} else if (String(value) !== String(normal ?? "")) {
				values[name] = value;
			}
		}
		return values;
	}

	// A finding names what it is about: a runbook that must be told names begins with these.
	function names_of(parameters, subjects) {
		const asked = parameters.filter((item) => item.required && item.type === "list of names");
		const doctypes = new Set(subjects.map((subject) => subject.doctype));
		if (asked.length !== 1 || doctypes.size !== 1) return {};
		return { [asked[0].name]: subjects.map((subject) => subject.name).join("\n") };
	}

	const as_entered = (told) =>
		Object.fromEntries(Object.entries(told).map(([name, value]) => [name, Array.isArray(value) ? value.join("\n") : value]));

	class Repair {
		constructor(runbook, subjects, on_started, told) {
			this.runbook = runbook;
			this.on_started = on_started || ((run) => frappe.set_route("Form", "Runbook Run", run.id));
			this.parameters = runbook.parameters;
			const given = { ...names_of(this.parameters, subjects), ...as_entered(told) };
			this.is_told = this.parameters.every(({ name, required }) => !required || name in told);
			this.dialog = recovery_console.dialog({
				title: escape(__(runbook.title)),
				size: "large",
				fields: [
					{ fieldname: "rc_about", fieldtype: "HTML" },
					...this.parameters.map((parameter) => field_of(parameter, given)),
					{ fieldname: "rc_then", fieldtype: "HTML" },
					{ fieldname: "rc_reason", fieldtype: "Data", length: 1000, label: __("Why, for the record"), hidden: 1 },
					{ fieldname: "rc_plan", fieldtype: "HTML" },
				],
			});
			for (const { name, secret } of this.parameters) {
				if (secret) this.dialog.get_field(name).disable_password_checks();
			}
			this.dialog.$wrapper.addClass("rc-repair-dialog");
			this.about(subjects);
		}

		about(subjects) {
			const takes = this.runbook.duration ? __("Takes {0}.", [escape(this.runbook.duration)]) : "";
			const shown = subjects.slice(0, NAMED_AT_MOST).map(recovery_console.subject_link);
			const named = shown.join(", ") + (subjects.length > NAMED_AT_MOST ? ", …" : "");
			this.html(
				"rc_about",
				`<p>${recovery_console.prose(this.runbook.summary)}</p>
				<p>${recovery_console.risk_pill(this.runbook.risk)} <span class="rc-quiet">${takes}</span></p>
				${named ? `<p class="rc-quiet">${__("It was found about: {0}", [named])}</p>` : ""}`
			);
		}

		html(fieldname, html) {
			this.dialog.get_field(fieldname).$wrapper.html(`<div class="rc-run">${html}</div>`);
			recovery_console.bind_copying(this.dialog.get_field(fieldname).$wrapper);
		}

		// Where nothing is left to be told, the plan is what one sees first.
		async open() {
			this.ask();
			this.dialog.show();
			if (this.is_told) await this.plan();
		}

		show_stage(stage) {
			this.dialog.$wrapper.attr("data-stage", stage);
			for (const { name } of this.parameters) this.dialog.set_df_property(name, "hidden", stage === "plan" ? 1 : 0);
			this.dialog.set_df_property("rc_reason", "hidden", stage === "plan" ? 0 : 1);
			recovery_console.name_fields(this.dialog);
		}

		ask() {
			this.show_stage("ask");
			this.html("rc_plan", "");
			this.html("rc_then", `<p class="rc-quiet">${__("Planning looks at everything and changes nothing.")}</p>`);
			this.dialog.set_primary_action(__("Plan"), () => this.plan());
			this.dialog.get_secondary_btn().addClass("hide");
		}

		async plan() {
			const entered = this.dialog.get_values();
			if (!entered) return;
			this.values = values_of(this.parameters, entered);
			this.dialog.disable_primary_action();
			try {
				const { message } = await frappe.call({
					method: "recovery_console.api.plan_runbook",
					args: { runbook: this.runbook.id, parameters: this.values },
					freeze: true,
					freeze_message: __("Working out what would be changed…"),
				});
				this.show(message);
			} catch {
				// What the server said is shown already; the values can be corrected.
			}
			this.dialog.enable_primary_action();
		}

		show(run) {
			const work = recovery_console.has_work(run);
			const then = run.asks
				? `<p>${__("Starting changes nothing yet. Before the first change:")}</p>
					${recovery_console.asks_html(run.asks, run.site)}`
				: work
				? `<p>${__("It takes nobody's approval and begins at once.")}</p>`
				: `<p>${__("As the site is now, this runbook has nothing to do.")}</p>`;
			this.show_stage("plan");
			this.html("rc_then", run.stopped ? `<div class="rc-not-made">${escape(run.stopped)}</div>` : then);
			this.html("rc_plan", recovery_console.steps_html(run));
			this.dialog.set_df_property("rc_reason", "hidden", work && !run.stopped ? 0 : 1);
			recovery_console.name_fields(this.dialog);
			if (work && !run.stopped) this.dialog.set_primary_action(__("Start"), () => this.start());
			else this.dialog.get_primary_btn().addClass("hide");
			if (this.parameters.length) {
				this.dialog.set_secondary_action_label(__("Other Values"));
				this.dialog.set_secondary_action(() => this.ask());
			}
		}

		async start() {
			const reason = this.dialog.get_value("rc_reason") || "";
			this.dialog.disable_primary_action();
			try {
				const { message } = await frappe.call({
					method: "recovery_console.api.start_run",
					args: { runbook: this.runbook.id, parameters: this.values, reason },
					freeze: true,
				});
				this.dialog.hide();
				this.on_started(message);
			} catch {
				this.dialog.enable_primary_action(); // the server has said why
			}
		}
	}

	// Plan a runbook. `on_started` gets the run; without it, the run's form is opened. With the values of `told` its
	// fields begin.
	recovery_console.repair = async (runbook_id, subjects = [], on_started = null, told = {}) => {
		const runbook = (await runbooks_of([runbook_id], [])).find((item) => item.id === runbook_id);
		if (runbook) return new Repair(runbook, subjects, on_started, told).open();
		frappe.msgprint(__("There is no runbook {0} on this site, or it is switched off.", [escape(runbook_id)]));
	};

	const runbooks_of = (names, checks) => frappe.xcall("recovery_console.api.runbooks", { names, checks });

	function offer_html(runbook, is_best) {
		const by_hand = !runbook.steps.some((step) => step.kind === "action");
		const address = frappe.utils.get_form_link("Runbook", runbook.id);
		const label = by_hand ? __("By Hand…") : __("Repair…");
		return `<div class="rc-repair"><button type="button" data-runbook="${escape(runbook.id)}"
			class="btn btn-xs ${is_best ? "btn-primary" : "btn-default"}" aria-label="${escape(
			`${label} ${__(runbook.title)}`
		)}">${label}</button><a href="${escape(address)}">${escape(__(runbook.title))}</a> ${
			by_hand ? "" : recovery_console.risk_pill(runbook.risk)
		}</div>`;
	}

	function offers_html([best, ...others]) {
		const more = others.length
			? `<details class="rc-fold"><summary>${__("Other ways: {0}", [others.length])}</summary>
				<div class="rc-repairs">${others.map((item) => offer_html(item)).join("")}</div></details>`
			: "";
		return recovery_console.part_html(
			__("Recommended"),
			`<div class="rc-repairs">${offer_html(best, true)}${more}</div>`
		);
	}

	// Fill in under each finding what repairs it, the best first.
	recovery_console.offer_repairs = async ($wrapper, findings, on_started = null) => {
		if (!frappe.model.can_read("Runbook")) return;
		const names = new Set(findings.flatMap((finding) => finding.runbooks || []));
		const checks = new Set(findings.map((finding) => check_of(finding)));
		if (!checks.size) return;
		const runbooks = await runbooks_of([...names], [...checks]);
		const places = new Map();
		for (const place of $wrapper.find(".rc-offers").get()) places.set(place.dataset.fingerprint, place);
		for (const finding of findings) {
			const named = (finding.runbooks || []).map((name) => runbooks.find((item) => item.id === name));
			const others = runbooks.filter(
				(item) => item.origin !== "console" && item.findings.includes(check_of(finding))
			);
			const offered = [...new Set([...named, ...others])].filter(Boolean);
			const place = places.get(finding.fingerprint);
			if (!offered.length || !place) continue;
			$(place)
				.html(offers_html(offered))
				.find("button")
				.on("click", function () {
					recovery_console.repair(this.dataset.runbook, finding.subjects || [], on_started);
				});
		}
	};

	const check_of = (finding) => String(finding.fingerprint || "").split(":")[0];
})();
