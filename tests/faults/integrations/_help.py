"""What several faults of this family do to a site."""

from __future__ import annotations

import json
from datetime import datetime

from tests.support.sample import SampleSite
from tests.support.services import TlsServer, WebServer
from tests.support.thresholds import set_threshold

WEBHOOK = "HOOK-0001"
REFUSED = """Traceback (most recent call last):
  File "apps/frappe/frappe/integrations/doctype/webhook/webhook.py", line 170, in enqueue_webhook
    r.raise_for_status()
requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://hooks.example.org/contact
"""


def call_webhook(site: SampleSite, document: str, error: str = REFUSED, *, hours: float = 3) -> None:
	"""Log one try to deliver a document; without an error it arrived."""
	site.insert(
		"Webhook Request Log",
		webhook=WEBHOOK,
		reference_document=document,
		url="https://hooks.example.org/contact",
		headers="{}",
		data="{}",
		error=error,
		creation=site.hours_ago(hours),
	)


def request(site: SampleSite, service: str, status: str, number: int, *, hours: float = 3) -> None:
	"""Log calls to a service; they are named after it."""
	site.insert_many(
		"Integration Request",
		[
			{
				"name": f"{service}-{status}-{index}",
				"integration_request_service": service,
				"status": status,
				"data": "{}",
				"creation": site.hours_ago(hours),
			}
			for index in range(number)
		],
	)


def show_certificate(site: SampleSite, *, days: float, name: str = "localhost") -> None:
	"""Let the site have the domain localhost, with a certificate that holds for some days."""
	server = TlsServer(site.bench.folder.parent / "tls", days=days, name=name).start()
	site.bench.redis_cache.on_reset(server.stop)
	site.set_config(domains=[{"domain": "localhost", "ssl_certificate": str(server.certificate)}])
	set_threshold(site, "integrations.certificates", port=server.port)


def add_consent(site: SampleSite, name: str, expires: datetime, *, enabled: bool = True) -> None:
	"""Add what the app that fetches from banks would have: its settings and a consent."""
	table = "tabBank Consent"
	if table not in site.database.tables():
		site.sql(
			f"CREATE TABLE `{table}` (name varchar(140) PRIMARY KEY, bank varchar(140), company varchar(140), "
			"consent_expiry timestamp NULL)"
		)
		if site.database.dialect == "postgres":
			site.sql(f"ALTER TABLE `{table}` OWNER TO `{site.db_name}`")
		site.insert("Singles", doctype="Banking Settings", field="enabled", value=str(int(enabled)))
	site.sql(
		f"INSERT INTO `{table}` (name, bank, company, consent_expiry) VALUES (%s, %s, %s, %s)",
		[name, name.partition("-")[0], name.partition("-")[2], expires.replace(microsecond=0).isoformat(" ")],
	)


def add_gateway(
	site: SampleSite,
	name: str,
	*,
	controller: str = "",
	stored: tuple[str, ...] = ("access_token", "webhooks_secret"),
	sandbox: bool = False,
) -> None:
	"""Add what the app that takes payments would have: a gateway, and its settings as one document or as several."""
	_make_gateway_tables(site)
	settings = "GoCardless Settings" if controller else f"{name} Settings"
	for field, kind in (
		("access_token", "Password"),
		("webhooks_secret", "Password"),
		("use_sandbox", "Check"),
	):
		if not site.count("DocField", {"parent": settings, "fieldname": field}):
			site.insert(
				"DocField",
				parent=settings,
				parenttype="DocType",
				parentfield="fields",
				fieldname=field,
				fieldtype=kind,
				reqd=int(field == "access_token"),
			)
	site.sql("INSERT INTO `tabPayment Gateway` VALUES (%s, %s, %s)", [name, settings, controller or None])
	if controller:
		site.sql("INSERT INTO `tabGoCardless Settings` VALUES (%s, %s)", [controller, int(sandbox)])
	elif sandbox:
		site.set_single(settings, use_sandbox=1)
	for field in stored:
		site.set_password(settings, controller or settings, "a secret of ours", field)


def _make_gateway_tables(site: SampleSite) -> None:
	for table, columns in (
		("tabPayment Gateway", "gateway_settings varchar(140), gateway_controller varchar(140)"),
		("tabGoCardless Settings", "use_sandbox int"),
	):
		if table not in site.database.tables():
			site.sql(f"CREATE TABLE `{table}` (name varchar(140) PRIMARY KEY, {columns})")
			if site.database.dialect == "postgres":
				site.sql(f"ALTER TABLE `{table}` OWNER TO `{site.db_name}`")


def bot(
	site: SampleSite, *, status: int = 200, token: str = f"1234567890:{'Ab3_-' * 7}", **knows: object
) -> None:
	"""Let the site have a chat bot, and a service that knows this about its webhook."""
	text = json.dumps({"ok": status == 200, "result": knows})
	server = WebServer(status=status, text=text).start()
	site.bench.redis_cache.on_reset(server.stop)
	site.set_config(telegram_bot_token=token)
	set_threshold(site, "integrations.chat_bot", service=f"http://127.0.0.1:{server.port}")
