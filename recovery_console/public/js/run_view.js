// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// A run as it stands, with what can be done about it: in its form and on the console's page. What is shown comes from
// the run's journal, by `run_details`. It asks again by itself, less and less often while nothing happens, and at once
// when the site says so; so two people see the same.

frappe.provide("recovery_console");

(() => {
	const { ENDED, MOVING, BUTTONS, buttons_of, manual_step, may_approve } = recovery_console.run_buttons;
	const COLOURS = {
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
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

	recovery_console.RUN_COLOURS = COLOURS;
	recovery_console.run_has_ended = (run) => ENDED.includes(run.state);

	// Ask the site without Desk's messages: while it is down, there would be one after another.
	recovery_console.ask = async (method, args = {}, { post = false } = {}) => {
		const query = new URLSearchParams(args);
		const answer = await fetch(`/api/method/${method}${post ? "" : `?${query}`}`, {
			method: post ? "POST" : "GET",
			headers: {
				Accept: "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
				...(post ? { "Content-Type": "application/x-www-form-urlencoded" } : {}),
			},
			body: post ? query : undefined,
			cache: "no-store",
		});
		if (answer.ok) return (await answer.json()).message;
		const error = new Error(await why_refused(answer));
		error.status = answer.status;
		throw error;
	};

	async function why_refused(answer) {
		if (answer.status === 401 || answer.status === 403) {
			return __("You may not see this, or you are signed out.");
		}
		try {
			const [first] = JSON.parse((await answer.json())._server_messages);
			return frappe.utils.html2text(JSON.parse(first).message);
		} catch {
			return __("The site does not answer (HTTP {0}).", [answer.status]);
		}
	}

	class RunView {
		// $wrapper: where it is drawn. is_shown(): whether anybody sees it. on_change(run, before): it moved.
		// set_buttons(names, BUTTONS): where they go beside the run itself; without it they are always in the run.
		constructor({ $wrapper, is_shown, on_change = () => {}, set_buttons = null }) {
			Object.assign(this, { $wrapper, is_shown, on_change, set_buttons });
			this.run = null;
			this.text = "";
			frappe.realtime.on("recovery_run", (data) => {
				if (this.run && data.run === this.run.id) this.ask_soon(300);
			});
			$(document).on("visibilitychange", () => {
				if (!document.hidden && this.name) this.ask_soon(0);
			});
		}

		open(name) {
			if (this.name !== name) {
				Object.assign(this, { name, run: null, text: "", drawn: "" });
				this.$wrapper.html(`<p class="rc-quiet" role="status">${__("Reading the run…")}</p>`);
				if (frappe.realtime.socket) frappe.realtime.doc_subscribe("Runbook Run", name);
			} else if (this.run) {
				this.draw();
			}
			this.ask_soon(0);
		}

		close() {
			clearTimeout(this.timer);
			Object.assign(this, { name: null, run: null, text: "", drawn: "" });
		}

		ask_soon(wait) {
			clearTimeout(this.timer);
			this.wait = SOONEST;
			this.timer = setTimeout(() => this.ask_again(), wait);
		}

		async ask_again() {
			if (!this.is_shown() || document.hidden || this.busy || !this.name) return;
			const name = this.name;
			let run = null;
			let trouble = "";
			try {
				run = await recovery_console.ask("recovery_console.api.run_details", { run: name });
			} catch (error) {
				trouble = error.status ? error.message : __("The site cannot be reached.");
			}
			if (this.name !== name || !this.is_shown()) return;
			if (run) this.take(run);
			else this.show_trouble(trouble);
			clearTimeout(this.timer);
			this.timer = setTimeout(() => this.ask_again(), this.next_wait());
		}

		next_wait() {
			const connected = Boolean(frappe.realtime.socket && frappe.realtime.socket.connected);
			const ended = this.run && ENDED.includes(this.run.state);
			this.wait = Math.min((this.wait || SOONEST) * 1.4, LATEST);
			const wait = Math.max(this.wait, ended ? LATEST : connected ? LATEST / 3 : 0);
			// Whoever looks at a run that stands still is told so in time.
			const stalls = this.since + STALLED_AFTER + 100 - Date.now();
			return stalls > 0 && !ended ? Math.min(wait, stalls) : wait;
		}

		take(run) {
			const text = JSON.stringify(run);
			const before = this.run;
			if (text !== this.text) {
				this.text = text;
				this.since = before ? Date.now() : Math.min(Date.now(), Date.parse(run.last) || Date.now());
				this.wait = SOONEST;
			}
			this.run = run;
			this.draw();
			this.on_change(run, before);
		}

		show_trouble(trouble) {
			this.$wrapper.find(".rc-trouble").remove();
			this.$wrapper.prepend(
				$('<div class="rc-not-made rc-trouble" role="alert"></div>').text(
					`${trouble} ${__("What you see may be old; it is asked again by itself.")}`
				)
			);
		}

		draw() {
			const run = this.run;
			const state = { stalled: this.is_stalled(), manual: manual_step(run), user: frappe.session.user };
			const drawn = JSON.stringify([this.text, state]);
			if (drawn !== this.drawn || !this.$wrapper.find(".rc-run").length) {
				this.drawn = drawn;
				this.redraw(run, state);
			}
			this.$wrapper.find(".rc-trouble").remove();
			this.draw_buttons(buttons_of(run, state));
		}

		// What the reader had opened stays open, and what had the focus keeps it.
		redraw(run, state) {
			const $wrapper = this.$wrapper;
			const opened = new Map($wrapper.find("details").get().map((item) => [item.dataset.key, item.open]));
			const same = $wrapper.find(".rc-run").attr("data-run") === run.id;
			const focused = document.activeElement && $wrapper[0].contains(document.activeElement);
			const key = focused && $(document.activeElement).closest("details").attr("data-key");
			$wrapper.html(run_html(run, state, !this.set_buttons));
			if (same) {
				for (const item of $wrapper.find("details").get()) item.open = opened.get(item.dataset.key) ?? item.open;
				if (key) $wrapper.find("details").filter((_n, item) => item.dataset.key === key).children("summary").trigger("focus");
			}
			recovery_console.bind_copying($wrapper);
		}

		draw_buttons(names) {
			if (this.set_buttons) this.set_buttons(names, BUTTONS);
			const $place = this.$wrapper.find(".rc-buttons");
			if ($place.attr("data-names") === names.join() && names.length) return;
			$place.empty().attr("data-names", names.join());
			for (const name of names) {
				const { label, primary, act } = BUTTONS[name];
				$(`<button type="button" class="btn btn-sm ${primary ? "btn-primary" : "btn-default"}"></button>`)
					.text(label)
					.on("click", () => act(this))
					.appendTo($place);
			}
		}

		is_stalled() {
			const run = this.run;
			if (!MOVING.includes(run.state) && run.state !== "Planned") return false;
			if (run.next_attempt && Date.parse(run.next_attempt) > Date.now()) return false;
			return Date.now() - this.since > STALLED_AFTER;
		}

		// Ask the site for something, show how the run stands then, and look again at once when it was refused.
		async request(method, args = {}, message = "") {
			this.busy = true;
			try {
				const answer = await frappe.call({
					method: `recovery_console.api.${method}`,
					args: { run: this.run.id, ...args },
					freeze: true,
					freeze_message: message,
				});
				if (answer.message && answer.message.id === this.name) this.take(answer.message);
				return answer.message;
			} catch {
				return null; // the server has said why
			} finally {
				this.busy = false;
				this.ask_soon(500);
			}
		}
	}

	recovery_console.RunView = RunView;

	// ------------------------------------------------------------------------------------------------------ drawing

	function run_html(run, state, always_buttons) {
		const left = run.left.map((text) => `<li>${recovery_console.prose(text)}</li>`).join("");
		const given = Object.entries(run.parameters || {})
			.map(([name, value]) => `<li>${escape(frappe.unscrub(name))}: <code>${escape(String(value))}</code></li>`)
			.join("");
		return `<div class="rc-run" data-run="${escape(run.id)}" data-state="${escape(run.state)}">
			<div class="rc-state ${COLOURS[run.state]}">
				<div role="status"><div class="rc-sentence">${sentence(run)}</div>
				${run.said && run.state !== "Undone" ? `<p>${recovery_console.prose(run.said)}</p>` : ""}</div>
				${run.state === "Awaiting Approval" || run.state === "Paused" ? asked(run) : ""}
				${state.stalled ? stalled_html() : ""}
				${left ? `<p>${__("What is left:")}</p><ul class="rc-asks">${left}</ul>` : ""}
				${run.otherwise && run.state === "Failed" ? otherwise(run) : ""}
				<div class="rc-buttons ${always_buttons ? "" : "d-lg-none"}"></div>
			</div>
			<div class="rc-people">${people(run)}</div>
			${recovery_console.steps_html(run)}
			${
				given
					? `<details data-key="given"><summary>${__("What it was told")}</summary><ul>${given}</ul></details>`
					: ""
			}
		</div>`;
	}

	function sentence(run) {
		const number = run.steps.findIndex((step) => step.state === "now") + 1;
		const step = __("step {0} of {1}", [number, run.steps.length]);
		if (run.next_attempt && MOVING.includes(run.state)) {
			return __("It tries {0} again at {1}.", [
				number ? step : __("the last step"),
				recovery_console.when(run.next_attempt),
			]);
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

	const stalled_html = () =>
		`<p class="rc-stalled">${__(
			"Nothing has moved for a while. Perhaps no background worker is running. You can do its steps here, in your browser's request: a step is never done twice, whoever else is at work on it."
		)}</p>`;

	function otherwise(run) {
		const address = frappe.utils.get_form_link("Runbook", run.otherwise);
		return `<p>${__("What to try next:")} <a href="${escape(address)}">${escape(run.otherwise)}</a></p>`;
	}

	function people(run) {
		const because = (reason) => (reason ? `: “${escape(reason)}”` : ".");
		const lines = [
			`${__("Asked for by {0}, {1}", [escape(run.requested_by), recovery_console.when(run.created)])}${because(
				run.reason
			)}`,
			...run.approvals.map((item) => `${__("Approved by {0}", [escape(item.by)])}${because(item.reason)}`),
		];
		const address = frappe.utils.get_form_link("Runbook", run.runbook);
		lines.push(`${__("Runbook")}: <a href="${escape(address)}">${escape(run.runbook)}</a>`);
		return lines.join("<br>");
	}
})();
