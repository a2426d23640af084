"""Are the secrets that the site keeps for other services renewed?"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from recovery_console.core.backends.sql import Fn, raw_table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.security._stamps import HEAD, stored_at
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class StoredSecrets(Check):
	"""Which passwords, keys and tokens for other services has the site kept for more than a year?

	What Frappe encrypts carries the time at which it was stored, so that its age is known without opening it: since
	it was entered, or since the site's values were last encrypted anew. The keys of the site's own users are looked
	at by security.programmatic_access.

	Cost: up to ``most`` stored values, of each the twelve characters that hold the time.
	"""

	title = _("Age of stored secrets")

	overdue_after: timedelta = timedelta(days=365)
	most: int = 2000

	def run(self, site: Site) -> Answer:
		kept = raw_table("__Auth")
		rows = site.db.run(
			site.db.from_(kept)
			.select(
				kept["doctype"].as_("kind"),
				kept["name"].as_("id"),
				Fn("SUBSTR", kept["password"], 1, HEAD).as_("head"),
			)
			.where((kept["encrypted"] == 1) & (kept["doctype"] != "User"))
			.orderby(kept["doctype"], kept["name"])
			.limit(self.most)
		)
		old: dict[tuple[str, str], timedelta] = defaultdict(timedelta)
		for row in rows:
			stored = stored_at(row["head"])
			age = site.now() - stored if stored else timedelta(0)
			if age > self.overdue_after:
				place = (str(row["kind"]), str(row["id"]))
				old[place] = max(old[place], age)
		yield self.measure(stored_secrets=len(rows))
		if old:
			yield self.info(
				_("Documents with a password, key or token that is older than {limit}: {count}."),
				cause=_(
					"They open other services, such as the mail server or a payment gateway. People who left, and old"
					" backups, may have them. The oldest is {oldest_days} days old."
				),
				remedy=_(
					"Have the service give a new one, enter it in the document named, try it, and then withdraw the old one"
					" at the service."
				),
				subjects=list(old),
				limit=in_words(self.overdue_after),
				oldest_days=max(old.values()).days,
			)
