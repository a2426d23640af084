// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// The parts of the console's page, each as HTML of what `api_page.overview` said. Every text is escaped here.

frappe.provide("recovery_console.parts");

(() => {
	const parts = recovery_console.parts;
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const address = (...route) => escape(`/app/${route.map(encodeURIComponent).join("/")}`);
	// Families with nothing to do stand behind the others.
	const NEEDS_SOMEBODY = ["critical", "unknown", "warning"];
	const NAMED_CHANGES = 8;

	parts.loading = () => `<p class="rc-quiet rc-loading" role="status">${__("Reading what the last look found…")}</p>`;

	parts.nothing_yet = (sentences) => `<div class="rc-head unknown">
		<p class="rc-say">${sentences.map(escape).join(" ")}</p>
		<p>${__("A diagnosis only reads: it changes nothing. It takes up to half a minute.")}</p>
		<button type="button" class="btn btn-primary btn-sm rc-begin">${__("Run Diagnosis")}</button></div>`;

	parts.refused = () => `<div class="rc-head unknown"><p class="rc-say">${__("You may not see the Recovery Console.")}</p>
		<p>${__("It takes the role Recovery Operator, Recovery Manager or System Manager. Ask an administrator for one.")}</p></div>`;

	parts.headline = (data) => {
		const [first, ...others] = data.headline;
		const status = data.is_stale ? "unknown" : data.status;
		const link = `<a href="${address("health-snapshot", data.snapshot)}">${__("Snapshot")}</a>`;
		return `<div class="rc-head ${escape(status)}" data-status="${escape(status)}">
			${recovery_console.pill(status, recovery_console.status_word(status))}
			<p class="rc-say">${escape(first)}</p>
			${others.length ? `<p class="rc-say-more">${others.map(escape).join(" ")}</p>` : ""}
			<p class="rc-quiet rc-looked">${parts.looked(data)} ${link}</p></div>`;
	};

	parts.looked = (data) => {
		const seconds = (data.duration_ms / 1000).toFixed(1);
		const ago = recovery_console.there(data.started).fromNow();
		return `<span class="rc-ago">${escape(__("Looked {0}, in {1} s.", [ago, seconds]))}</span>`;
	};

	// How far a diagnosis is, and what it has found by now.
	parts.progress = (diagnosis) => {
		const { done, total, last, by } = diagnosis;
		const share = total ? Math.round((100 * done) / total) : 0;
		const whose = by && by !== frappe.session.user ? __("{0} runs a diagnosis.", [escape(by)]) : __("Looking at the site.");
		const far = total ? __("{0} of {1} checks", [done, total]) : __("Beginning…");
		return `<div class="rc-head running"><p class="rc-say">${whose}</p>
			<div class="rc-progress" role="progressbar" aria-label="${__("Diagnosis")}" aria-valuemin="0"
				aria-valuemax="100" aria-valuenow="${share}"><span style="width: ${share}%"></span></div>
			<p class="rc-quiet"><span class="rc-far">${far}</span> <span class="rc-last">${escape(__(last || ""))}</span></p>
			<ul class="rc-found" aria-label="${__("Found so far")}"></ul></div>`;
	};

	parts.found = (finding) => `<li>${recovery_console.pill(
		finding.severity,
		recovery_console.status_word(finding.severity)
	)} ${escape(finding.title)}</li>`;

	// ------------------------------------------------------------------------------------------------------ families

	parts.families = (families, chosen, diagnosis) => {
		const [bad, well] = [[], []];
		const sorted = [...families].sort((one, other) => weight(other) - weight(one));
		for (const tile of sorted) (NEEDS_SOMEBODY.includes(tile.status) ? bad : well).push(tile);
		const list = (tiles) =>
			`<ul class="rc-tiles">${tiles.map((tile) => `<li>${tile_html(tile, chosen, diagnosis)}</li>`).join("")}</ul>`;
		const heading = `<h2 class="rc-heading">${__("Parts of the site")}</h2>`;
		if (diagnosis && diagnosis.is_running) return heading + list(families);
		const open = !bad.length || well.some((tile) => tile.family === chosen) ? "open" : "";
		return `${heading}${bad.length ? list(bad) : ""}
			${
				well.length
					? `<details class="rc-fold rc-well" ${open}><summary>${__("Nothing to do in {0} parts", [
							well.length,
					  ])}</summary>${list(well)}</details>`
					: ""
			}`;
	};

	const weight = (tile) => (NEEDS_SOMEBODY.includes(tile.status) ? recovery_console.rank(tile.status) : 0);

	function tile_html(tile, chosen, diagnosis) {
		const live = diagnosis && diagnosis.is_running ? diagnosis.families[tile.family] : null;
		const status = live ? recovery_console.worst(live.statuses) : tile.status;
		const waits = diagnosis && diagnosis.is_running && !live;
		const said = waits ? __("Waits for its turn") : live ? __("Checks done: {0}", [live.looked]) : tile_words(tile);
		return `<button type="button" class="rc-tile ${escape(status)} ${waits ? "waits" : ""}" data-family="${escape(tile.family)}"
			aria-pressed="${tile.family === chosen}">
			<span class="rc-tile-name">${escape(tile.name)}</span>
			${waits ? "" : `<span class="rc-tile-status">${recovery_console.pill(status, recovery_console.status_word(status))}</span>`}
			<span class="rc-tile-said">${escape(said)}</span>${bars_html(tile.trend)}</button>`;
	}

	function tile_words(tile) {
		if (tile.problems && tile.unknown) {
			return __("Problems: {0}, could not look: {1}", [tile.problems, tile.unknown]);
		}
		if (tile.problems) return __("Problems: {0}", [tile.problems]);
		if (tile.unknown) return __("Could not look: {0}", [tile.unknown]);
		if (!tile.looked) return __("Nothing to look at here");
		return __("Checks: {0}", [tile.looked]);
	}

	// The latest diagnoses, oldest first: the taller, the worse. In words for who does not see them.
	function bars_html(trend) {
		if (trend.length < 2) return "";
		const count = (status) => trend.filter((item) => item === status).length;
		const said = ["critical", "warning", "unknown"]
			.filter(count)
			.map((status) => `${recovery_console.status_word(status)}: ${count(status)}`)
			.join(", ");
		const label = said
			? __("Of the last {0} looks: {1}", [trend.length, said])
			: __("Well in the last {0} looks", [trend.length]);
		const bars = trend.map((status) => `<i class="${escape(status || "none")}"></i>`).join("");
		return `<span class="rc-bars" role="img" aria-label="${escape(label)}" title="${escape(label)}">${bars}</span>`;
	}

	// ------------------------------------------------------------------------------------------------------ runs

	parts.runs = (runs) => {
		if (!runs.length) return "";
		const lines = runs.map((run) => {
			const made = run.planned ? __("{0} of {1} changes made", [run.made, run.planned]) : "";
			const colour = recovery_console.RUN_COLOURS[run.state] || "gray";
			return `<li class="rc-open-run"><span class="rc-pill ${colour}">${escape(__(run.state))}</span>
				<a href="${address("recovery-console", "run", run.name)}">${escape(__(run.title))}</a>
				<span class="rc-quiet">${escape(made)} ${escape(__("Asked for by {0}", [run.requested_by]))}</span></li>`;
		});
		return `<h2 class="rc-heading">${__("Repairs")}</h2><ul class="rc-open-runs">${lines.join("")}</ul>`;
	};

	// ------------------------------------------------------------------------------------------------------ findings

	parts.findings_head = (count, family_name) => {
		const only = family_name
			? `<span class="rc-only">${escape(__("Only: {0}", [family_name]))}
				<button type="button" class="btn btn-xs btn-default rc-all">${__("Show All")}</button></span>`
			: "";
		return `<h2 class="rc-heading" tabindex="-1">${__("Problems: {0}", [count])}</h2>${only}`;
	};

	// A problem that nothing else explains; what it explains is filled in when it is opened.
	parts.group = ({ root, explains }, incident, index, names) => {
		const affected = [...new Set(explains.map((item) => names[item.family] || item.family))];
		const below = explains.length
			? `<details class="rc-fold rc-below"><summary>${__("It explains other problems: {0}", [explains.length])}
				<span class="rc-in">${escape(affected.join(", "))}</span></summary><div class="rc-explained"></div></details>`
			: "";
		return `<article class="rc-finding rc-card ${escape(root.severity)}" data-fingerprint="${escape(root.fingerprint)}">
			${recovery_console.finding_body(root, { head: since_html(incident, names[root.family] || root.family) })}
			${changes_html(incident, index === 0)}${below}</article>`;
	};

	parts.explained = (finding) => `<div class="rc-finding ${escape(finding.severity)}">${recovery_console.finding_body(finding, {
		level: 4,
	})}</div>`;

	function since_html(incident, family_name) {
		const family = `<span class="rc-family">${escape(family_name)}</span>`;
		if (!incident) return `<p class="rc-since rc-quiet">${family}</p>`;
		const link = `<a href="${address("incident", incident.name)}">${escape(incident.name)}</a>`;
		return `<p class="rc-since rc-quiet">${family} ${__("Since {0}.", [recovery_console.when(incident.began)])}
			${__("Incident {0}, {1}, {2}.", [link, escape(incident.severity), escape(__(incident.status))])}</p>`;
	}

	function changes_html(incident, open) {
		if (!incident || !incident.changes) return "";
		const before = incident.changes.filter((change) => Date.parse(change.when) <= Date.parse(incident.began));
		if (!before.length) return "";
		const lines = before
			.slice(0, NAMED_CHANGES)
			.map((change) => `<li>${recovery_console.when(change.when)} ${escape(change.what)}</li>`)
			.join("");
		const beyond = before.length > NAMED_CHANGES ? `<li class="rc-quiet">${__("{0} more", [before.length - NAMED_CHANGES])}</li>` : "";
		return `<details class="rc-fold rc-changes" ${open ? "open" : ""}><summary>${__("What changed in the day before: {0}", [
			before.length,
		])}</summary><ul>${lines}${beyond}</ul></details>`;
	}

	parts.worth_knowing = (count) =>
		count
			? `<details class="rc-fold rc-worth"><summary>${__("Worth knowing: {0}", [count])}</summary><div></div></details>`
			: "";

	parts.no_problem = (data) =>
		`<p class="rc-none">${
			data.has_report
				? __("No check that could look found a problem.")
				: __("Of this snapshot only the numbers are kept. Run a diagnosis to see how the site is now.")
		}</p>`;
})();
