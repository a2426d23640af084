// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// What keeps the console's page up to date: it asks, less and less often while nothing happens, never while nobody
// looks, and at once when the site says by its websocket that there is something new. Without a websocket it only asks.

frappe.provide("recovery_console");

(() => {
	const SLOWER = 1.4;

	recovery_console.is_connected = () => Boolean(frappe.realtime.socket && frappe.realtime.socket.connected);

	class Pulse {
		// ask(): returns whether there was something new. pace(): {soonest, latest} in milliseconds, as things stand.
		constructor({ ask, pace, is_shown }) {
			Object.assign(this, { ask, pace, is_shown });
			$(document).on("visibilitychange", () => {
				if (!document.hidden) this.beat_soon(0);
			});
		}

		beat_soon(wait = this.pace().soonest) {
			clearTimeout(this.timer);
			this.wait = this.pace().soonest;
			this.timer = setTimeout(() => this.beat(), wait);
		}

		stop() {
			clearTimeout(this.timer);
		}

		async beat() {
			if (!this.is_shown() || document.hidden) return; // whoever comes back starts it again
			if (this.is_asking) return;
			this.is_asking = true;
			let is_new = false;
			try {
				is_new = await this.ask();
			} finally {
				this.is_asking = false;
			}
			const { soonest, latest } = this.pace();
			this.wait = is_new ? soonest : Math.min((this.wait || soonest) * SLOWER, latest);
			clearTimeout(this.timer);
			this.timer = setTimeout(() => this.beat(), this.wait);
		}
	}

	recovery_console.Pulse = Pulse;

	// A diagnosis that is running, as far as it has been heard of.
	class Diagnosis {
		constructor() {
			Object.assign(this, { id: "", after: 0, done: 0, total: 0, by: "", is_running: false });
			this.families = {};
			this.findings = [];
			this.last = "";
		}

		// Take in what the site said of it; returns what is new.
		take(seen) {
			if (seen.id !== this.id) Object.assign(this, new Diagnosis(), { id: seen.id });
			Object.assign(this, { by: seen.by, is_running: seen.is_running, after: seen.after });
			this.done = Math.max(this.done, seen.done);
			this.total = seen.total || this.total;
			const fresh = [];
			for (const check of seen.checks) {
				this.last = check.title;
				const family = (this.families[check.family] = this.families[check.family] || { looked: 0, statuses: [] });
				family.looked += 1;
				family.statuses.push(check.status);
				for (const finding of check.findings) fresh.push({ ...finding, family: check.family });
			}
			this.findings.push(...fresh);
			return fresh;
		}
	}

	recovery_console.Diagnosis = Diagnosis;

	const RANK = ["skipped", "ok", "info", "warning", "unknown", "critical"];
	recovery_console.worst = (statuses) =>
		statuses.reduce((worst, status) => (RANK.indexOf(status) > RANK.indexOf(worst) ? status : worst), "skipped");
	recovery_console.rank = (status) => RANK.indexOf(status);
})();
