// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// Frappe 16 takes only the DocType itself from the browser's cache, not its child tables; without their fields
// it cannot set a filter, and the list would open with all incidents.
for (const doc of frappe.model.get_from_localstorage("Incident") || []) {
	if (!locals.DocType[doc.name]) frappe.model.sync(doc);
}

frappe.listview_settings.Incident = {
	add_fields: [
		...["status", "severity", "paused_since", "snoozed_until"],
		...["acknowledge_due", "acknowledged_at", "mitigate_due", "mitigated_at", "resolve_due", "resolved_at"],
	],
	hide_name_column: true,
	filters: [["status", "not in", ["Resolved", "Closed"]]],
	get_indicator(doc) {
		const colours = {
			Detected: "red",
			Reopened: "red",
			Acknowledged: "orange",
			Investigating: "orange",
			Mitigated: "yellow",
			Resolved: "green",
			Closed: "gray",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
	formatters: {
		severity(value) {
			const colours = { S1: "red", S2: "red", S3: "orange", S4: "gray" };
			return `<span class="indicator-pill no-indicator-dot ${colours[value] || "gray"}">${frappe.utils.escape_html(
				value || ""
			)}</span>`;
		},
		next_due(_value, _df, doc) {
			const [text, colour, in_full] = recovery_incident_due(doc);
			return `<span class="ellipsis ${colour ? `indicator-pill no-indicator-dot ${colour}` : ""}"
				title="${frappe.utils.escape_html(in_full || text)}">${frappe.utils.escape_html(text)}</span>`;
		},
	},
};

// How long there is for what has to be done next, in words that fit a column; the colour of its urgency; what it is.
function recovery_incident_due(doc) {
	if (["Resolved", "Closed"].includes(doc.status)) return ["", ""];
	const now = moment();
	if (doc.snoozed_until && recovery_incident_moment(doc.snoozed_until) > now) return [__("Snoozed"), "gray"];
	const [label, due] =
		[
			[__("Acknowledge"), doc.acknowledge_due, doc.acknowledged_at],
			[__("Mitigate"), doc.mitigate_due, doc.mitigated_at],
			[__("Resolve"), !doc.paused_since && doc.resolve_due, doc.resolved_at],
		].find(([, by, done]) => by && !done) || [];
	if (!due) return doc.paused_since ? [__("Paused"), "gray"] : ["", ""];
	const minutes = recovery_incident_moment(due).diff(now, "minutes");
	const left = Math.abs(minutes);
	const span =
		left < 60
			? __("{0} min", [left])
			: left < 10 * 60
				? __("{0} h {1} min", [Math.floor(left / 60), left % 60])
				: left < 48 * 60
					? __("{0} h", [Math.floor(left / 60)])
					: __("{0} days", [Math.round(left / 1440)]);
	if (minutes < 0) return [__("Late by {0}", [span]), "red", __("{0}: late by {1}", [label, span])];
	return [__("{0} left", [span]), minutes < 10 ? "orange" : "", __("{0}: {1} left", [label, span])];
}

// Frappe keeps times in the site's time zone, which need not be the reader's.
function recovery_incident_moment(text) {
	const zone = (frappe.boot.time_zone && frappe.boot.time_zone.system) || frappe.sys_defaults.time_zone;
	return zone ? moment.tz(text, zone) : moment(text);
}
