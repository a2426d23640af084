// Trends of the snapshots and incidents, for charts.

frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Recovery Trend"] = {
	method: "recovery_console.recovery.dashboard_chart_source.recovery_trend.recovery_trend.get",
	filters: [
		{
			fieldname: "trend",
			label: __("Trend"),
			fieldtype: "Select",
			options: [
				{ value: "health", label: __("What the snapshots found") },
				{ value: "open_incidents", label: __("Open incidents") },
				{ value: "failed_jobs", label: __("Jobs") },
				{ value: "mails", label: __("Mails") },
				{ value: "errors", label: __("Errors per day") },
				{ value: "response_time", label: __("Response time in seconds") },
				{ value: "backups", label: __("Age of the newest backup in hours") },
			],
			default: "health",
			reqd: 1,
		},
	],
};
