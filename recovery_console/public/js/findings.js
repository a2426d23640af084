// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// How findings are shown, in forms and on the console's page. Every text of a report is escaped here: it may quote
// anything.

frappe.provide("recovery_console");

(() => {
	const COLOURS = {
		critical: "red",
		warning: "orange",
		unknown: "purple",
		info: "blue",
		ok: "green",
		skipped: "gray",
	};
	const WORDS = {
		critical: __("Critical"),
		warning: __("Warning"),
		unknown: __("Unknown"),
		info: __("Info"),
		ok: __("OK"),
		skipped: __("Skipped"),
	};
	const RANK = { critical: 0, warning: 1, info: 2 };
	// So many subjects are named at once; the others are folded.
	const NAMED_AT_ONCE = 5;
	// As a text first: Frappe's escape_html turns the number 0 into nothing.
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

	recovery_console.COLOURS = COLOURS;
	recovery_console.status_word = (status) => WORDS[status] || __(frappe.unscrub(status || ""));

	frappe.dom.set_style(
		`[data-fieldname="report_html"] a:not(.btn), .rc-compared a:not(.btn) { text-decoration: underline; }
		.rc-finding { border: 1px solid var(--border-color); border-left-width: 4px; padding: 12px 16px; margin-bottom: 12px;
			border-radius: var(--border-radius-md); background: var(--card-bg, var(--fg-color)); overflow-wrap: anywhere; }
		.rc-finding.critical { border-left-color: var(--red-500); }
		.rc-finding.warning { border-left-color: var(--orange-500); }
		.rc-finding.info { border-left-color: var(--blue-500); }
		.rc-title { font-size: var(--text-lg); font-weight: 600; margin: 0 0 8px; color: var(--text-color); line-height: 1.4; }
		.rc-pill { display: inline-flex; align-items: center; gap: 6px; padding: 1px 9px; border-radius: 10px; font-weight: 500;
			font-size: var(--text-sm); line-height: 18px; background: var(--control-bg); color: var(--text-color); white-space: nowrap; }
		.rc-pill::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--gray-500); }
		${["red", "orange", "green", "blue", "purple"].map((name) => `.rc-pill.${name}::before { background: var(--${name}-500); }`).join("\n")}
		.rc-title .rc-pill { margin-right: 8px; vertical-align: text-bottom; }
		.rc-part { margin-bottom: 8px; max-width: 90ch; }
		.rc-part > .rc-label, .rc-quiet { color: var(--text-muted); }
		.rc-part > .rc-label { display: block; font-size: var(--text-sm); }
		.rc-part code, .rc-run code, .rc-fold code { white-space: normal; overflow-wrap: anywhere; color: var(--text-color);
			background: var(--control-bg); padding: 1px 4px; border-radius: 4px; }
		.rc-evidence { display: flex; flex-wrap: wrap; gap: 4px 24px; font-size: var(--text-sm); }
		.rc-explained { margin: 8px 0 0; padding-left: 12px; border-left: 2px solid var(--border-color); }
		.rc-explained .rc-finding { margin-top: 8px; }
		.rc-families { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 16px; }
		.rc-fold { margin: 8px 0; } .rc-fold > summary, .rc-run summary { cursor: pointer; color: var(--text-muted); }
		.rc-fold li { margin: 4px 0; max-width: 100ch; }
		.rc-timeline { list-style: none; padding-left: 0; } .rc-timeline li { margin-bottom: 6px; }`,
		"recovery-console-style"
	);

	recovery_console.pill = (status, label) =>
		`<span class="rc-pill ${COLOURS[status] || "gray"}">${escape(label)}</span>`;

	// Text of a finding: what stands between backticks is something to type.
	recovery_console.prose = (text) =>
		String(text || "")
			.split("`")
			.map((part, number) => (number % 2 ? `<code>${escape(part)}</code>` : escape(part)))
			.join("")
			.replace(/\n/g, "<br>");

	recovery_console.there = (value) => {
		const zone = frappe.boot.time_zone && (frappe.boot.time_zone.user || frappe.boot.time_zone.system);
		return zone ? moment(value).tz(zone) : moment(value);
	};

	recovery_console.when = (value) => {
		const there = recovery_console.there(value);
		return `<span title="${escape(value)}">${escape(there.format("YYYY-MM-DD HH:mm"))} (${escape(
			there.fromNow()
		)})</span>`;
	};

	function value_of(value) {
		if (typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) {
			return recovery_console.when(value);
		}
		if (Array.isArray(value)) return value.map(value_of).join(", ");
		if (value && typeof value === "object") {
			return Object.entries(value)
				.map(([key, item]) => `${escape(key)}: ${value_of(item)}`)
				.join(", ");
		}
		return escape(value);
	}

	recovery_console.subject_link = (subject) => {
		const can_open = (frappe.boot.user.can_read || []).includes(subject.doctype);
		if (!can_open) return `${escape(__(subject.doctype))} ${escape(subject.name)}`;
		const is_single = (frappe.boot.single_types || []).includes(subject.doctype);
		const address = frappe.utils.get_form_link(subject.doctype, is_single ? subject.doctype : subject.name);
		return `${escape(__(subject.doctype))} <a href="${escape(address)}">${escape(subject.name)}</a>`;
	};

	function part(label, html) {
		return html ? `<div class="rc-part"><span class="rc-label">${label}</span>${html}</div>` : "";
	}

	recovery_console.part_html = part;

	recovery_console.evidence_html = (evidence) => {
		const is_empty = (value) =>
			value === null || value === "" || (typeof value === "object" && !Object.keys(value).length);
		return Object.entries(evidence || {})
			.filter(([, value]) => !is_empty(value))
			.map(
				([key, value]) =>
					`<span><span class="rc-quiet">${escape(frappe.unscrub(key))}:</span> ${value_of(value)}</span>`
			)
			.join("");
	};

	function subjects_html(finding) {
		const subjects = finding.subjects || [];
		if (!subjects.length) return "";
		const beyond = finding.count - subjects.length;
		const [first, rest] = [subjects.slice(0, NAMED_AT_ONCE), subjects.slice(NAMED_AT_ONCE)];
		const shown = first.map(recovery_console.subject_link).join(", ");
		const unnamed = beyond > 0 ? ` <span class="rc-quiet">${__("And {0} more, not named here.", [beyond])}</span>` : "";
		if (!rest.length) return `${shown}.${unnamed}`;
		const others = rest.map(recovery_console.subject_link).join(", ");
		return `${shown}<details class="rc-fold"><summary>${__("{0} more", [rest.length])}</summary>${others}.${unnamed}</details>`;
	}

	// What one reads first of a finding: what, why, how many. `head` comes under the title, `level` is its heading's.
	recovery_console.finding_body = (finding, { head = "", level = 3 } = {}) => {
		const evidence = recovery_console.evidence_html(finding.evidence);
		return `<h${level} class="rc-title">${recovery_console.pill(
			finding.severity,
			recovery_console.status_word(finding.severity)
		)}${escape(finding.title)}</h${level}>
			${head}
			${part(__("Why"), recovery_console.prose(finding.cause))}
			${part(__("What to do"), recovery_console.prose(finding.remedy))}
			<div class="rc-offers" data-fingerprint="${escape(finding.fingerprint)}"></div>
			${part(__("Affected"), subjects_html(finding))}
			${evidence ? part(__("Evidence"), `<div class="rc-evidence">${evidence}</div>`) : ""}`;
	};

	// One finding; `explained` are the findings that it explains.
	recovery_console.finding_html = (finding, explained = []) => {
		const below = explained.length
			? `<div class="rc-explained"><span class="rc-quiet">${__("Explained by this:")}</span>
				${explained.map((item) => recovery_console.finding_html(item)).join("")}</div>`
			: "";
		return `<div class="rc-finding ${escape(finding.severity)}">${recovery_console.finding_body(finding)}${below}</div>`;
	};

	// The finding at the end of a chain of causes; a circle ends where it closes.
	function root_of(finding, by_fingerprint) {
		const path = [finding];
		for (;;) {
			const last = path[path.length - 1];
			const cause = (last.caused_by || []).map((name) => by_fingerprint[name]).find(Boolean);
			if (!cause || path.includes(cause)) return last;
			path.push(cause);
		}
	}

	function findings_html(report) {
		const findings = report.checks.flatMap((check) => check.findings);
		const by_fingerprint = Object.fromEntries(findings.map((item) => [item.fingerprint, item]));
		const groups = new Map(findings.map((item) => [item, []]));
		for (const finding of findings) {
			const root = root_of(finding, by_fingerprint);
			if (root !== finding) {
				groups.get(root).push(finding);
				groups.get(finding).below = true;
			}
		}
		const order = (one, other) =>
			RANK[one[0].severity] - RANK[other[0].severity] || other[1].length - one[1].length;
		return [...groups]
			.filter(([, explained]) => !explained.below)
			.sort(order)
			.map(([finding, explained]) => recovery_console.finding_html(finding, explained))
			.join("");
	}

	function fold(title, items, open) {
		if (!items.length) return "";
		return `<details class="rc-fold" ${open ? "open" : ""}><summary>${title}</summary>
			<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul></details>`;
	}

	// What was not found: what could not be looked at, notes, and what is well.
	recovery_console.quiet_html = ({ unknown, ok, skipped, notes }) => {
		const reasoned = (check) =>
			`<b>${escape(__(check.title))}</b> ${recovery_console.prose(check.reason)}
			${recovery_console.prose(check.remedy)} <span class="rc-quiet">${escape(check.id)}</span>`;
		const named = (check) => `${escape(__(check.title))} <span class="rc-quiet">${escape(check.id)}</span>`;
		return `${fold(__("Could not look: {0}", [unknown.length]), unknown.map(reasoned), true)}
			${fold(__("Notes: {0}", [notes.length]), notes.map(escape), true)}
			${fold(__("Healthy: {0}", [ok.length]), ok.map(named))}
			${fold(__("Do not apply here: {0}", [skipped.length]), skipped.map(reasoned))}`;
	};

	// A whole report: causes first, then what could not be looked at, then the rest.
	recovery_console.report_html = (report) => {
		const of_status = (status) => report.checks.filter((check) => check.status === status);
		const families = Object.entries(report.families)
			.map(([family, status]) => recovery_console.pill(status, `${family}: ${recovery_console.status_word(status)}`))
			.join("");
		const [unknown, skipped, ok] = ["unknown", "skipped", "ok"].map(of_status);
		return `<div class="rc-families">${families}</div>
			${findings_html(report) || `<p>${__("No check that could look found a problem.")}</p>`}
			${recovery_console.quiet_html({ unknown, ok, skipped, notes: report.notes || [] })}`;
	};
})();
