// Copyright (c) 2026, Recovery Console contributors. For license information, see license.txt

// A badge in the navbar while something is critical, or while nobody looks any more. Desk is told at its start and
// whenever a snapshot was taken. It also asks when a page is opened, every five minutes at most: nobody tells that
// nobody looks, and word by websocket may not come, or no longer. Whatever fails here, Desk goes on without a message.

(() => {
	const ASK_AGAIN = 5 * 60 * 1000;
	// A snapshot is written twice, when it begins and when it ends.
	const SETTLED = 3000;
	let asked = Date.now();
	let waiting = null;

	function show({ critical, is_stale }) {
		let item = document.getElementById("recovery-console-badge");
		const text = badge_text(critical, is_stale);
		if (!text) {
			if (item) item.remove();
			return;
		}
		if (!item) item = add_item();
		if (!item) return;
		const link = item.querySelector("a");
		link.className = `nav-link indicator-pill no-indicator-dot ${is_stale ? "purple" : "red"}`;
		link.textContent = text;
		link.title = is_stale
			? __("Nobody has looked at this site for more than two hours.")
			: __("The last diagnosis found something critical.");
		link.setAttribute("aria-label", `${__("Recovery Console")}: ${text}. ${link.title}`);
	}

	function badge_text(critical, is_stale) {
		if (is_stale) return __("Not looked at");
		if (!critical) return "";
		return critical === 1 ? __("1 critical") : __("{0} critical", [critical]);
	}

	function add_item() {
		const list = document.querySelector("header.navbar .navbar-collapse > ul.navbar-nav");
		if (!list) return null;
		const item = document.createElement("li");
		item.id = "recovery-console-badge";
		item.className = "nav-item";
		const link = document.createElement("a");
		link.href = "/app/recovery-console";
		link.style.cssText = "padding: 2px 8px; margin: 0 8px; align-self: center; white-space: nowrap;";
		item.style.cssText = "display: flex; align-items: center;";
		item.append(link);
		list.prepend(item);
		return item;
	}

	async function ask() {
		asked = Date.now();
		const address = "/api/method/recovery_console.api_snapshots.badge";
		const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
		if (answer && answer.ok) show((await answer.json()).message);
	}

	function start() {
		const first = frappe.boot && frappe.boot.recovery_console_badge;
		if (!first) return;
		show(first);
		$(document).on("page-change visibilitychange", () => {
			if (!document.hidden && Date.now() - asked > ASK_AGAIN) ask();
		});
		if (!frappe.realtime.socket) return; // as with disable_async in the site's configuration
		frappe.realtime.doctype_subscribe("Health Snapshot");
		frappe.realtime.on("list_update", (update) => {
			if (!update || update.doctype !== "Health Snapshot") return;
			clearTimeout(waiting);
			waiting = setTimeout(ask, SETTLED);
		});
	}

	$(document).on("app_ready", start);
})();
