"""nginx still shows last month's certificate."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import serve
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = serve(site, folder=site.bench.folder.parent / "web", days=-3, name=site.name)
	conf = site.bench.folder / "config" / "nginx.conf"
	conf.write_text(
		f"""server {{
	listen 80;
	server_name
		{site.name}
	;
	return 301 https://$host$request_uri;
}}
server {{
	listen {server.port} ssl;
	listen [::]:{server.port} ssl;
	server_name
		{site.name}
	;
}}
"""
	)


FAULT = Fault(
	title="nginx still shows a certificate that expired",
	breaks=breaks,
	check="portal.login_comfort",
	severity="warning",
	subjects=("erp.example.org",),
)
