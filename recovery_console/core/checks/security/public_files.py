"""Do confidential files lie where anybody can fetch them?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import count_and_names
from recovery_console.core.checks.security._confidential import PRIVATE_FILES
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class PublicFiles(Check):
	"""Were files of payments, salaries, invoices, imports or applicants uploaded as public files lately?

	Cost: the files uploaded in the window, twice.
	"""

	title = _("Confidential files that are public")
	needs = ("File",)

	window: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		t, since = table("File"), site.ago(self.window)
		query = site.db.from_(t).where(
			(t.creation >= since)
			& (t.modified >= since)
			& (t.is_private == 0)
			& t.attached_to_doctype.isin(PRIVATE_FILES)
		)
		count, names = count_and_names(site, query, t["name"])
		if count:
			kind = t.attached_to_doctype
			kinds = site.db.run(query.select(kind.as_("kind")).distinct().orderby(kind))
			yield self.warning(
				_("Confidential files that anybody with the link can fetch: {count}."),
				cause=_(
					"They were uploaded in {window} without Is Private, and belong to: {kinds}. The web server gives"
					" them out without asking who wants them."
				),
				remedy=_(
					"Open each File named, tick Is Private and save: Frappe moves it out of the public folder. Upload"
					" such files as private ones from now on."
				),
				subjects=[("File", name) for name in names],
				count=count,
				kinds=", ".join(str(row["kind"]) for row in kinds),
				window=in_words(self.window),
			)
