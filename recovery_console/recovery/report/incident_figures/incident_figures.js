// How fast incidents were answered, and whether in time.

frappe.query_reports["Incident Figures"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -3),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("Until"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "group_by",
			label: __("By"),
			fieldtype: "Select",
			options: [
				{ value: "Period", label: __("Period") },
				{ value: "Severity", label: __("Severity") },
				{ value: "Family", label: __("Family") },
				{ value: "Category", label: __("Category") },
			],
			default: "Period",
		},
		{
			fieldname: "every",
			label: __("Period"),
			fieldtype: "Select",
			options: [
				{ value: "Week", label: __("Week") },
				{ value: "Month", label: __("Month") },
				{ value: "Year", label: __("Year") },
			],
			default: "Month",
			depends_on: "eval:doc.group_by === 'Period'",
		},
		{
			fieldname: "severity",
			label: __("Severity"),
			fieldtype: "Select",
			options: ["", "S1", "S2", "S3", "S4"],
		},
		{ fieldname: "family", label: __("Family"), fieldtype: "Data" },
	],
};
