// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The page that a system manager opens at 3 a.m. It shows the newest snapshot at once; a diagnosis is followed while
// it runs; a repair is planned, approved, followed and taken back here. Its address says what is shown:
// /app/recovery-console, …/family/<family>, …/run/<run>.

frappe.pages["recovery-console"].on_page_load = (wrapper) => {
	wrapper.rc_page = new recovery_console.Page(wrapper);
};
frappe.pages["recovery-console"].on_page_show = (wrapper) => wrapper.rc_page.show();

frappe.provide("recovery_console");

(() => {
	const API = "recovery_console.api_page";
	// So many problems are drawn at once; the rest when it is asked for.
	const SLICE = 20;
	const MOVING = ["Planned", "Running", "Verifying"];

	const is_refusal = (error) => error.status === 401 || error.status === 403;

	recovery_console.Page = class {
		constructor(wrapper) {
			this.page = frappe.ui.make_app_page({
				parent: wrapper,
				title: __("Recovery Console"),
				single_column: true,
			});
			this.$root = $(`<div class="rc-page">
				<div class="sr-only" role="status" aria-live="polite" data-part="said"></div>
				<div data-part="trouble"></div>
				<div data-view="overview">${["headline", "runs", "families", "findings", "quiet"]
					.map((name) => `<section data-part="${name}"></section>`)
					.join("")}<div data-part="setup"></div></div>
				<div data-view="run" class="hide"></div></div>`).appendTo(this.page.main);
			this.data = null;
			this.diagnosis = new recovery_console.Diagnosis();
			this.add_actions();
			this.part("headline").html(recovery_console.parts.loading());
			this.pulse = new recovery_console.Pulse({
				ask: () => this.ask(),
				pace: () => this.pace(),
				is_shown: () => this.is_shown(),
			});
			frappe.realtime.on("recovery_diagnosis", () => this.pulse.beat_soon(0));
			if (frappe.realtime.socket) frappe.realtime.doctype_subscribe("Health Snapshot");
			this.bind();
		}

		part(name) {
			return this.$root.find(`[data-part="${name}"]`);
		}

		is_shown() {
			return frappe.get_route()[0] === "recovery-console";
		}

		add_actions() {
			const may = ["Recovery Operator", "Recovery Manager", "System Manager"].some((role) => frappe.user.has_role(role));
			if (may) {
				// On a telephone there is room for the icon only.
				this.page
					.set_primary_action(__("Run Diagnosis"), () => this.diagnose(), "refresh")
					.attr("aria-label", __("Run Diagnosis"));
			}
			for (const [label, doctype] of [
				[__("Incidents"), "Incident"],
				[__("Health Snapshots"), "Health Snapshot"],
				[__("Runs"), "Runbook Run"],
				[__("Runbooks"), "Runbook"],
				[__("Known Errors"), "Known Error"],
			]) {
				if (frappe.model.can_read(doctype)) {
					this.page.add_menu_item(label, () => frappe.set_route("List", doctype));
				}
			}
			if (frappe.model.can_read("Recovery Settings")) {
				this.page.add_menu_item(__("Settings"), () => frappe.set_route("Form", "Recovery Settings"));
			}
		}

		bind() {
			const root = this.$root;
			root.on("click", ".rc-begin", () => this.diagnose());
			root.on("click", ".rc-tile", (event) => this.choose(event.currentTarget.dataset.family));
			root.on("click", ".rc-all", () => this.choose(null));
			root.on("click", ".rc-more", () => this.draw_slice());
			root.on("click", ".rc-again", () => this.ask());
			root.on("click", ".rc-look-again", () => {
				frappe.set_route("recovery-console");
				this.diagnose();
			});
			// `toggle` does not bubble: it is caught on its way down.
			root[0].addEventListener("toggle", (event) => this.open_below(event.target), true);
		}

		// --------------------------------------------------------------------------------------------- what is shown

		show() {
			const [, what, name] = frappe.get_route();
			const run = what === "run" && name ? name : null;
			this.$root.find('[data-view="overview"]').toggleClass("hide", Boolean(run));
			this.$root.find('[data-view="run"]').toggleClass("hide", !run);
			if (run) this.show_run(run);
			else if (this.run_view) this.run_view.close();
			const family = what === "family" ? name : null;
			if (this.data && this.family !== family) {
				this.family = family;
				this.draw_families();
				this.draw_findings();
			}
			this.family = family;
			if (this.data && !run) this.show_setup();
			this.pulse.beat_soon(0);
		}

		// What is missing stands above the parts of the site; that nothing is, below everything.
		async show_setup() {
			if (!frappe.model.can_write("Recovery Settings")) return;
			const $setup = this.part("setup");
			const found = await recovery_console.setup.show($setup, () => this.diagnose()).catch(() => null);
			if (!found || !this.data) return;
			if (found.ready) $setup.appendTo(this.$root.find('[data-view="overview"]'));
			else $setup.insertBefore(this.part("families"));
		}

		choose(family) {
			const chosen = family && family !== this.family ? family : null;
			frappe.set_route(chosen ? ["recovery-console", "family", chosen] : ["recovery-console"]);
			this.focus_on = family;
		}

		show_run(name) {
			const $view = this.$root.find('[data-view="run"]');
			if (!this.run_view) {
				$view.html(`<p><a href="/app/recovery-console" class="rc-back">← ${__("How the site is")}</a></p>
					<h2 class="rc-heading rc-run-title"></h2><div class="rc-run-place"></div>
					<p class="rc-then hide"><button type="button" class="btn btn-default btn-sm rc-look-again">${__(
						"Look How the Site Is Now"
					)}</button></p>`);
				this.run_view = new recovery_console.RunView({
					$wrapper: $view.find(".rc-run-place"),
					is_shown: () => this.is_shown() && frappe.get_route()[1] === "run",
					on_change: (run, before) => {
						$view.find(".rc-run-title").text(__(run.title));
						$view.find(".rc-then").toggleClass("hide", !recovery_console.run_has_ended(run));
						if (before && before.state !== run.state) this.say(__(run.state));
					},
				});
			}
			this.run_view.open(name);
		}

		started(run) {
			frappe.set_route("recovery-console", "run", run.id);
		}

		// Tell it to who does not see the page.
		say(text) {
			this.part("said").text(text);
		}

		// --------------------------------------------------------------------------------------------- asking

		pace() {
			if (this.diagnosis.is_running || this.is_posting) {
				return { soonest: 400, latest: recovery_console.is_connected() ? 3000 : 2000 };
			}
			const moving = ((this.data && this.data.runs) || []).some((run) => MOVING.includes(run.state));
			return moving ? { soonest: 3000, latest: 15000 } : { soonest: 10000, latest: 120000 };
		}

		async ask() {
			try {
				if (!this.data) await this.load();
				const { id, after } = this.diagnosis;
				const now = await recovery_console.ask(`${API}.pulse`, { of: id, after });
				const is_new = await this.take(now);
				if (this.failures) this.part("trouble").empty();
				this.failures = 0;
				return is_new;
			} catch (error) {
				// Once may be chance, such as a database that was locked for a moment.
				this.failures = (this.failures || 0) + 1;
				if (this.failures > 1 || !this.data || is_refusal(error)) this.show_trouble(error);
				return this.failures === 1;
			}
		}

		async load() {
			this.data = await recovery_console.ask(`${API}.overview`);
			this.draw();
			this.show_setup();
		}

		async take({ diagnosis: seen, snapshot, runs }) {
			const was_running = this.diagnosis.is_running;
			const fresh = this.diagnosis.take(seen);
			if (JSON.stringify(runs) !== JSON.stringify(this.data.runs)) {
				this.data.runs = runs;
				this.part("runs").html(recovery_console.parts.runs(runs));
			}
			if (this.diagnosis.is_running) {
				this.draw_progress(fresh, !was_running);
				return seen.checks.length > 0;
			}
			if (was_running || snapshot !== this.data.snapshot) {
				await this.load();
				if (was_running) this.ended(seen);
				return true;
			}
			if (this.data.snapshot) this.part("headline").find(".rc-ago").replaceWith(recovery_console.parts.looked(this.data));
			return false;
		}

		ended(seen) {
			if (seen.snapshot) return this.say(this.data.headline.join(" "));
			const why = seen.error || __("The process that ran it ended.");
			return this.show_trouble(new Error(__("The diagnosis came to no end: {0}", [why])));
		}

		async diagnose() {
			if (this.is_posting || this.diagnosis.is_running) return;
			this.is_posting = true;
			this.part("trouble").empty();
			this.say(__("The diagnosis has begun."));
			this.diagnosis = Object.assign(new recovery_console.Diagnosis(), { id: this.diagnosis.id, after: this.diagnosis.after });
			this.draw_progress([], true);
			this.pulse.beat_soon(200);
			try {
				await recovery_console.ask(`${API}.run_diagnosis`, {}, { post: true });
			} catch (error) {
				// A proxy may give up waiting while the diagnosis goes on; whether it does, the pulse says.
				if (![502, 504].includes(error.status)) {
					this.trouble = error;
					if (error.status !== 417 && this.data) this.draw();
				}
			}
			this.is_posting = false;
			this.pulse.beat_soon(0);
			if (this.trouble) {
				await this.load().catch(() => {});
				this.show_trouble(this.trouble);
				this.trouble = null;
			}
		}

		show_trouble(error) {
			if (is_refusal(error)) {
				this.data = null;
				this.$root.find('[data-view="overview"] > *').empty();
				this.part("headline").html(recovery_console.parts.refused());
				this.page.clear_primary_action();
				this.pulse.stop();
				return;
			}
			if (!this.data) this.part("headline").empty();
			const text = error.status || error.message.startsWith(__("The diagnosis")) ? error.message : __("The site cannot be reached.");
			this.part("trouble").html(
				$('<div class="rc-not-made rc-trouble" role="alert"></div>')
					.text(`${text} ${__("What you see may be old; it is asked again by itself.")} `)
					.append($('<button type="button" class="btn btn-xs btn-default rc-again"></button>').text(__("Try Again")))
			);
		}

		// --------------------------------------------------------------------------------------------- drawing

		draw() {
			const { parts } = recovery_console;
			if (!this.data.snapshot) {
				this.$root.find('[data-view="overview"] > section').empty();
				this.part("headline").html(parts.nothing_yet(this.data.headline));
			} else {
				this.names = Object.fromEntries(this.data.families.map((tile) => [tile.family, tile.name]));
				this.part("headline").html(parts.headline(this.data));
				this.draw_families();
				this.draw_findings();
				this.part("quiet").html(recovery_console.quiet_html({ ...this.data.quiet, notes: this.data.notes }));
			}
			this.part("runs").html(parts.runs(this.data.runs));
		}

		draw_progress(fresh, is_new) {
			const { parts } = recovery_console;
			const $part = this.part("headline");
			if (is_new || !$part.find(".rc-progress").length) {
				$part.html(parts.progress(this.diagnosis));
				fresh = this.diagnosis.findings;
			} else {
				const $next = $(parts.progress(this.diagnosis));
				for (const selector of [".rc-say", ".rc-progress", ".rc-far", ".rc-last"]) {
					$part.find(selector).replaceWith($next.find(selector));
				}
			}
			const shown = fresh.filter((finding) => finding.severity !== "info");
			$part.find(".rc-found").append(shown.map(parts.found).join(""));
			for (const finding of shown) if (finding.severity === "critical") this.say(finding.title);
			if (this.data && this.data.snapshot) this.draw_families();
		}

		draw_families() {
			const $part = this.part("families");
			const focused = $part[0].contains(document.activeElement) && document.activeElement.dataset.family;
			const well = $part.find(".rc-well")[0];
			const was_open = well && well.open;
			$part.html(recovery_console.parts.families(this.data.families, this.family, this.diagnosis));
			if (well && $part.find(".rc-well").length) $part.find(".rc-well")[0].open = was_open;
			const focus = focused || this.focus_on;
			this.focus_on = null;
			if (focus) $part.find(".rc-tile").filter((_n, tile) => tile.dataset.family === focus).trigger("focus");
		}

		draw_findings() {
			const { parts } = recovery_console;
			const of_family = ({ root, explains }) =>
				!this.family || [root, ...explains].some((item) => item.family === this.family);
			const shown = this.data.groups.filter(of_family);
			const is_note = ({ root, explains }) => [root, ...explains].every((item) => item.severity === "info");
			this.groups = shown.filter((group) => !is_note(group));
			this.worth_knowing = shown.filter(is_note);
			this.drawn = 0;
			this.part("findings").html(
				`${parts.findings_head(this.groups.length, this.family && (this.names[this.family] || this.family))}
				<div class="rc-cards"></div><button type="button" class="btn btn-default btn-sm rc-more hide"></button>
				${parts.worth_knowing(this.worth_knowing.length)}`
			);
			if (!this.groups.length) this.part("findings").find(".rc-cards").html(parts.no_problem(this.data));
			this.draw_slice();
		}

		draw_slice() {
			const slice = this.groups.slice(this.drawn, this.drawn + SLICE);
			const html = slice.map((group, number) =>
				recovery_console.parts.group(group, this.data.incidents[group.root.fingerprint], this.drawn + number, this.names)
			);
			const $slice = $(`<div>${html.join("")}</div>`).appendTo(this.part("findings").find(".rc-cards"));
			const is_more = this.drawn > 0;
			this.drawn += slice.length;
			const left = this.groups.length - this.drawn;
			this.part("findings")
				.find(".rc-more")
				.toggleClass("hide", !left)
				.text(__("Show More, {0} Are Left", [left]));
			if (is_more) $slice.find("summary, a, button").first().trigger("focus");
			if (slice.length) this.offer($slice, slice.map((group) => group.root));
		}

		// Not before the page has been painted, and never in its way.
		offer($place, findings) {
			requestAnimationFrame(() =>
				setTimeout(() => recovery_console.offer_repairs($place, findings, (run) => this.started(run)).catch(() => {}), 0)
			);
		}

		open_below(details) {
			const is_note = details.classList.contains("rc-worth");
			if (!details.open || !(is_note || details.classList.contains("rc-below"))) return;
			const $place = $(details).children("div");
			if ($place.children().length) return;
			if (is_note) {
				this.add_below(
					$place,
					this.worth_knowing.map((group) => group.root)
				);
				return;
			}
			const fingerprint = $(details).closest(".rc-card").attr("data-fingerprint");
			const group = this.data.groups.find((item) => item.root.fingerprint === fingerprint);
			if (group) this.add_below($place, group.explains);
		}

		add_below($place, findings) {
			const slice = findings.slice(0, SLICE);
			const left = findings.slice(SLICE);
			$place.append(slice.map(recovery_console.parts.explained).join(""));
			if (left.length) {
				$(`<button type="button" class="btn btn-default btn-xs"></button>`)
					.text(__("Show More, {0} Are Left", [left.length]))
					.on("click", function () {
						$(this).remove();
						add(left);
					})
					.appendTo($place);
			}
			const add = (rest) => this.add_below($place, rest);
			this.offer($place, slice);
		}
	};
})();
