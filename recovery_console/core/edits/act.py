"""Something that is done rather than changed: a mail sent, a query ended, a backup taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recovery_console.core.edits.base import Edit, Target
from recovery_console.core.finding import Subject, _
from recovery_console.core.record import dataclass


@dataclass(frozen=True)
class Act(Edit):
	"""An act of an action, which performs it and can tell whether it was done. Cannot be turned round.

	Args:
		what: What is done, in a few words.
		kind_of: The kind of thing that it is done to, such as a DocType.
		name: Its name.
		arguments: What the action needs to perform it; plain values.
		frappe: Whether it needs Frappe.
	"""

	what: str
	kind_of: str
	name: str
	arguments: Mapping[str, Any]
	frappe: bool = False

	reversible = False

	@property
	def target(self) -> Target:
		return Target.DOCUMENTS if self.frappe else Target.OUTSIDE

	@property
	def subject(self) -> Subject:
		return Subject(self.kind_of, self.name)

	def shown(self) -> list[tuple[str, Any, Any]]:
		return [(self.what, "", _("once"))]  # true before it was done and afterwards
