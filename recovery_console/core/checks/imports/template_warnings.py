"""Which imports refuse to begin because of warnings about their file?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class TemplateWarnings(Check):
	"""Which imports did nothing because of warnings about their file, which Frappe shows nowhere but in the form?

	Cost: reads the imports of the window that did not end in success.
	"""

	title = _("Imports held up by warnings")
	needs = (imports.DATA_IMPORT,)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		found = {
			run: warnings
			for run in imports.runs(site, self.window, "Pending", "Partial Success", "Error", "Timed Out")
			if (warnings := imports.serious(run.warnings))
		}
		if not found:
			return
		messages = Counter(
			imports.plain(str(warning.get("message", "")))
			for warnings in found.values()
			for warning in warnings
		)
		yield self.warning(
			_("Imports that did not begin because of warnings about their file: {count}."),
			cause=_(
				"With a single warning Frappe imports nothing and leaves the status as it was: {example}"
			),
			remedy=_(
				"Open each import: the warnings stand above the preview. Correct the columns or rows they name in"
				" the file, or leave the column out, attach the file again, and press Start Import."
			),
			subjects=[run.subject for run in found],
			warnings=sum(len(warnings) for warnings in found.values()),
			example=messages.most_common(1)[0][0],
			examples=dict(messages.most_common(5)),
			rows=imports.shown(
				sorted({warning["row"] for each in found.values() for warning in each if "row" in warning})
			),
			oldest=min((run.changed for run in found if run.changed), default=None),
		)
