"""Errors as Frappe writes them down."""

from __future__ import annotations

from datetime import datetime

from tests.support.sample import SampleSite


def traceback(
	message: str,
	error: str = "frappe.exceptions.LinkValidationError",
	*,
	line: int = 114,
	app: str = "frappe",
) -> str:
	"""The text of an error in a document's validation."""
	return (
		"Traceback (most recent call last):\n"
		f'  File "apps/frappe/frappe/app.py", line {line}, in application\n'
		"    response = handle(request)\n"
		'  File "env/lib/python3.11/site-packages/werkzeug/local.py", line 318, in __get__\n'
		"    obj = instance._get_current_object()\n"
		f'  File "apps/{app}/{app}/model/document.py", line {line + 100}, in validate\n'
		"    check(self)\n"
		f"{error}: {message}\n"
	)


def log(site: SampleSite, name: str, at: datetime, text: str, title: str = "Error") -> str:
	"""A row of Error Log."""
	return site.insert("Error Log", name=name, method=title, error=text, creation=at, modified=at)
