// How long nothing worked.

frappe.query_reports["Downtime per Month"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
			reqd: 1,
		},
		{
			fieldname: "severity",
			label: __("Down Is"),
			fieldtype: "Select",
			options: [
				{ value: "S1", label: __("S1: nothing works") },
				{ value: "S2", label: __("S1 and S2: something that matters does not work") },
			],
			default: "S1",
		},
	],
};
