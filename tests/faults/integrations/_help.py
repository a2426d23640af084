"""What several faults of this family do to a site."""

from __future__ import annotations

from datetime import datetime

from tests.support.sample import SampleSite
from tests.support.services import TlsServer
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
