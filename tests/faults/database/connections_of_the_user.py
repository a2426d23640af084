"""The site's database user has a limit of its own, and is near it."""

from tests.faults import Fault
from tests.faults.database._help import mariadb, open_connections, postgres
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	if site.database.dialect == "mariadb":
		server, user = mariadb(site), f"`{site.db_name}`@'%'"
		server.admin(f"ALTER USER {user} WITH MAX_USER_CONNECTIONS 60")
		server.on_reset(lambda: server.admin(f"ALTER USER {user} WITH MAX_USER_CONNECTIONS 0"))
	else:
		site.sql(f"ALTER ROLE `{site.db_name}` CONNECTION LIMIT 60")
		postgres(site).on_reset(
			lambda: postgres(site).admin(f'ALTER ROLE "{site.db_name}" CONNECTION LIMIT -1')
		)
	open_connections(site, 49)


FAULT = Fault(
	title="The site's database user has a limit of its own, and is near it",
	breaks=breaks,
	check="database.connections",
	severity="warning",
	databases=("mariadb", "postgres"),
)
