// Problems that came back.

frappe.query_reports["Recurring Problems"] = {
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
		{ fieldname: "at_least", label: __("At Least So Often"), fieldtype: "Int", default: 2 },
		{ fieldname: "family", label: __("Family"), fieldtype: "Data" },
	],
};
