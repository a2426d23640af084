// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// How an incident is shown: its clocks, whom it affects, what was found, what was done, its timeline.

frappe.provide("recovery_console.incident");

(() => {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const pill = (colour, text) => `<span class="indicator-pill no-indicator-dot ${colour}">${escape(text)}</span>`;
	const link = (doctype, name, text) =>
		`<a href="${escape(frappe.utils.get_form_link(doctype, name))}">${escape(text || name)}</a>`;

	frappe.dom.set_style(
		`.rc-story a:not(.btn) { text-decoration: underline; }
		.rc-clocks { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; margin-bottom: 16px; }
		.rc-clock { border: 1px solid var(--border-color); border-radius: var(--border-radius-md); padding: 8px 12px; }
		.rc-clock strong { display: block; font-size: var(--text-lg); font-variant-numeric: tabular-nums; }
		.rc-clock.late { border-color: var(--red-500); } .rc-clock.late strong { color: var(--red-600); }
		.rc-clock.soon { border-color: var(--orange-500); }
		.rc-clock.kept strong { color: var(--green-600); }
		[data-theme="dark"] .rc-clock.late strong { color: var(--red-400); }
		[data-theme="dark"] .rc-clock.kept strong { color: var(--green-400); }
		.rc-banner { padding: 8px 12px; border-radius: var(--border-radius-md); background: var(--subtle-fg); margin-bottom: 12px; }
		.rc-impact { font-size: var(--text-lg); margin-bottom: 12px; max-width: 90ch; }
		#page-Incident .form-message { padding-right: 36px; }
		.rc-story h4 { margin-top: 20px; font-size: var(--text-lg); }
		.rc-lines { list-style: none; padding-left: 0; border-left: 2px solid var(--border-color); margin-left: 6px; }
		.rc-lines li { position: relative; padding: 0 0 10px 16px; overflow-wrap: anywhere; max-width: 100ch; }
		.rc-lines li::before { content: ""; position: absolute; left: -6px; top: 6px; width: 10px; height: 10px; border-radius: 50%;
			background: var(--gray-500); }
		.rc-lines li.red::before { background: var(--red-500); } .rc-lines li.green::before { background: var(--green-500); }
		.rc-packet { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 40vh; overflow-y: auto; }
		.rc-lines li.orange::before { background: var(--orange-500); } .rc-lines li.blue::before { background: var(--blue-500); }`,
		"recovery-console-incident-style"
	);

	// -- clocks

	const CLOCKS = () => [
		["acknowledge", __("Acknowledge"), "acknowledged_at"],
		["mitigate", __("Mitigate"), "mitigated_at"],
		["resolve", __("Resolve"), "resolved_at"],
		["review", __("Review"), "reviewed_at"],
	];
	// A clock is shown in orange when less than this part of its time is left, or less than ten minutes.
	const SOON = 10 * 60 * 1000;

	// Frappe keeps times in the site's time zone, which need not be the reader's.
	function at(text) {
		const zone = (frappe.boot.time_zone && frappe.boot.time_zone.system) || frappe.sys_defaults.time_zone;
		return zone ? moment.tz(text, zone) : moment(text);
	}

	function span(milliseconds) {
		const minutes = Math.floor(Math.abs(milliseconds) / 60000);
		if (minutes < 1) return __("less than a minute");
		if (minutes < 60) return __("{0} min", [minutes]);
		if (minutes < 48 * 60) return __("{0} h {1} min", [Math.floor(minutes / 60), minutes % 60]);
		return __("{0} days", [Math.round(minutes / 1440)]);
	}

	function clock_state(doc, [name, , done_field]) {
		const [due, late, done] = [doc[`${name}_due`], doc[`${name}_breached`], doc[done_field]];
		if (!due) return null;
		if (done) {
			const kept = !late;
			return { kind: kept ? "kept" : "late", text: kept ? __("Kept") : __("Too late"), detail: frappe.datetime.str_to_user(done) };
		}
		if (name === "resolve" && doc.paused_since) {
			return { kind: "", text: __("Paused"), detail: __("Waiting for: {0}", [__(doc.pause_kind || "")]) };
		}
		const left = at(due).diff(moment());
		const detail = __("due by {0}", [frappe.datetime.str_to_user(due)]);
		if (left < 0) return { kind: "late", text: __("Late by {0}", [span(left)]), detail };
		return { kind: left < SOON ? "soon" : "", text: __("{0} left", [span(left)]), detail };
	}

	recovery_console.incident.clocks_html = (doc) => {
		const tiles = CLOCKS()
			.map((clock) => [clock[1], clock_state(doc, clock)])
			.filter(([, state]) => state)
			.map(
				([title, state]) => `<div class="rc-clock ${state.kind}"><span class="rc-quiet">${escape(title)}</span>
					<strong>${escape(state.text)}</strong><span class="rc-quiet">${escape(state.detail)}</span></div>`
			);
		return tiles.length ? `<div class="rc-clocks" role="group" aria-label="${__("Clocks")}">${tiles.join("")}</div>` : "";
	};

	// -- what stands around it

	function banners(doc) {
		const found = [];
		if (doc.merged_into) found.push(__("It was merged into {0}.", [link("Incident", doc.merged_into)]));
		if (doc.parent_incident) found.push(__("It stands beneath {0}, which explains it.", [link("Incident", doc.parent_incident)]));
		if (doc.snoozed_until) {
			found.push(
				__("Snoozed until {0}: {1}", [frappe.datetime.str_to_user(doc.snoozed_until), escape(doc.snooze_reason || "")])
			);
		}
		if (doc.silenced_by) found.push(__("Silenced by {0}: nobody is told or called.", [link("Recovery Silence", doc.silenced_by)]));
		if (doc.paused_since) {
			found.push(__("The clock of resolving stands still: {0}", [escape(doc.pause_reason || "")]));
		}
		return found.map((text) => `<div class="rc-banner">${text}</div>`).join("");
	}

	function impact_html(story) {
		const impact = story.impact || {};
		const groups = (impact.groups || []).filter((group) => (group.samples || []).length);
		const samples = groups.map(
			(group) => `<li>${escape(__(group.doctype))}: ${group.samples
				.map((name) => recovery_console.subject_link({ doctype: group.doctype, name }).replace(/^[^<]*(?=<a )/, ""))
				.join(", ")}${group.count > group.samples.length ? " …" : ""}</li>`
		);
		const fold = samples.length
			? `<details class="rc-fold"><summary>${__("Which?")}</summary><ul>${samples.join("")}</ul></details>`
			: "";
		return impact.sentence
			? `<h4>${__("Affected")}</h4><div class="rc-impact">${escape(impact.sentence)}${fold}</div>`
			: "";
	}

	function list_html(title, rows) {
		return rows.length ? `<h4>${title}</h4><ul class="rc-timeline">${rows.map((row) => `<li>${row}</li>`).join("")}</ul>` : "";
	}

	const COLOURS = { Resolved: "green", Closed: "gray", Detected: "red", Reopened: "red" };

	function around_html(story) {
		const beneath = story.beneath.map(
			(row) => `${pill(COLOURS[row.status] || "orange", __(row.status))} ${escape(row.severity)}
				${link("Incident", row.name, row.title)}`
		);
		const runs = story.runs.map(
			(run) => `${pill(run.state === "Succeeded" ? "green" : "blue", __(run.state))} ${link("Runbook Run", run.name, run.title)}
				<span class="rc-quiet">${escape(run.requested_by || "")}, ${escape(frappe.datetime.str_to_user(run.creation))}</span>`
		);
		const reviews = story.reviews.map(
			(review) => `${pill(["orange", "green", "gray"][review.docstatus], [__("Draft"), __("Signed"), __("Cancelled")][review.docstatus])}
				${link("Incident Review", review.name)}`
		);
		const lessons = story.lessons.map(
			(lesson) => `${link("Incident Review", lesson.review)}: ${escape(lesson.lessons || lesson.prevention || "")}`
		);
		const bundles = story.bundles.map(
			(file) => `<a href="${escape(file.file_url)}">${escape(file.file_name)}</a>
				<span class="rc-quiet">${escape(frappe.form.formatters.FileSize ? frappe.form.formatters.FileSize(file.file_size) : "")}</span>`
		);
		return [
			list_html(__("Learned before"), lessons),
			list_html(__("Beneath it ({0})", [beneath.length]), beneath),
			list_html(__("Repairs"), runs),
			list_html(__("Review"), reviews),
			list_html(__("Evidence"), bundles),
		].join("");
	}

	// -- the timeline

	const LINE_COLOURS = {
		Opened: "red",
		Seen: "red",
		Reopened: "red",
		Breached: "red",
		Escalated: "red",
		Changed: "orange",
		Severity: "orange",
		Paused: "orange",
		Recovered: "blue",
		Repaired: "blue",
		Status: "blue",
		Resolved: "green",
		Reviewed: "green",
	};

	function timeline_html(lines) {
		const shown = lines.map((line) => {
			const about = line.reference_name
				? ` ${link(line.reference_doctype, line.reference_name)}`
				: line.snapshot
				? ` ${link("Health Snapshot", line.snapshot, __("snapshot"))}`
				: "";
			const by = line.actor ? ` <span class="rc-quiet">${__("by {0}", [escape(line.actor)])}</span>` : "";
			return `<li class="${LINE_COLOURS[line.event] || ""}"><b>${__(line.event)}</b>
				<span class="rc-quiet">${escape(frappe.datetime.str_to_user(line.at))}</span>${by}<br>${escape(line.detail || "")}${about}</li>`;
		});
		return `<h4>${__("Timeline")}</h4><ul class="rc-lines">${shown.join("")}</ul>`;
	}

	// -- all of it

	recovery_console.incident.story_html = (doc, story) => {
		const findings = story.findings.map((row) => ({ ...row, runbooks: story.runbooks[row.fingerprint] }));
		const [root, ...explained] = findings;
		const found = root ? `<h4>${__("What was found")}</h4>${recovery_console.finding_html(root, explained)}` : "";
		return `<div class="rc-story">${banners(doc)}<div class="rc-clocks-place">${recovery_console.incident.clocks_html(doc)}</div>
			${impact_html(story)}${found}${around_html(story)}${timeline_html(story.timeline)}</div>`;
	};
})();
