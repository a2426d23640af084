"""What monitors may ask: one word for everybody; details and metrics with a token or a role."""

import json

import frappe
from werkzeug.wrappers import Response

from recovery_console.core.openmetrics import OPENMETRICS, PROMETHEUS, wants_openmetrics
from recovery_console.in_site import health as site_health

_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json"
_OWN_PATH = "recovery_console.api_health."


@frappe.whitelist(allow_guest=True, methods=["GET", "HEAD"])
def health() -> Response:
	"""Say in one word how this site is: ok, warning, critical, unknown or stale. Permission: none.

	It is read from the newest snapshot and kept for some seconds in the web process, also while Redis is down.

	Returns:
		200 with ``ok`` or ``warning``; 503 with ``critical``, ``unknown`` or ``stale`` (the newest snapshot is older
		than two hours); 429 for who asks too often.
	"""
	if not site_health.allowed(frappe.local.request_ip):
		return _too_often()
	said = site_health.health()
	return _answer(said.word.value + "\n", said.http_status, _TEXT)


@frappe.whitelist(allow_guest=True, methods=["GET", "HEAD"])
def details() -> Response:
	"""Say how this site is, with its families and counts. Permission: the token, or read on Health Snapshot.

	Returns:
		JSON: ``status`` as ``health`` has it, ``snapshot`` with its age, families and counts (null where there is
		none), open ``incidents`` by severity, and the versions. 401 without token and role; 429 for who asks too often.
	"""
	refused = _refuse()
	return refused or _answer(json.dumps(site_health.details(), indent=1) + "\n", 200, _JSON)


@frappe.whitelist(allow_guest=True, methods=["GET", "HEAD"])
def metrics() -> Response:
	"""Return metrics for Prometheus. Permission: the token, or read on Health Snapshot.

	Returns:
		OpenMetrics 1.0 where the scraper asks for it, else the text format 0.0.4. 401 without token and role; 429 for
		who asks too often.
	"""
	refused = _refuse()
	if refused:
		return refused
	modern = wants_openmetrics(frappe.request.headers.get("Accept", ""))
	answer = _answer(site_health.metrics(openmetrics=modern), 200, OPENMETRICS if modern else PROMETHEUS)
	answer.headers["Vary"] = "Accept"
	return answer


def _refuse() -> Response | None:
	"""Return what to tell who may not know more than one word; None for who may."""
	if frappe.flags.recovery_console_token:
		return None
	if frappe.session.user != "Guest" and frappe.has_permission("Health Snapshot", "read"):
		return None
	if not site_health.allowed(frappe.local.request_ip):
		return _too_often()
	answer = _answer("token or role missing\n", 401, _TEXT)
	answer.headers["WWW-Authenticate"] = 'Bearer realm="Recovery Console"'
	return answer


def accept_token() -> None:
	"""Before a request: take our own token out of the Authorization header, which Frappe reads as one of OAuth.

	Any other token is left to Frappe, and so is every request that is not for these methods.
	"""
	if _OWN_PATH not in frappe.request.path:
		return
	kind, _space, token = frappe.request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
	given = frappe.request.headers.get(site_health.TOKEN_HEADER) or (
		token if kind.lower() == "bearer" else ""
	)
	if given and site_health.allowed(frappe.local.request_ip) and site_health.fits(given.strip()):
		frappe.flags.recovery_console_token = True
		frappe.request.environ.pop("HTTP_AUTHORIZATION", None)


def _too_often() -> Response:
	answer = _answer("too many requests\n", 429, _TEXT)
	answer.headers["Retry-After"] = "60"
	return answer


def _answer(text: str, status: int, kind: str) -> Response:
	answer = Response(text, status=status, content_type=kind)
	answer.headers["Cache-Control"] = "no-store"
	answer.headers["X-Content-Type-Options"] = "nosniff"
	return answer
