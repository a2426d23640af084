"""Does the SEPA profile fit this site?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import Resolved, resolve_profiles
from recovery_console.core.profile_file import DOCTYPE
from recovery_console.core.profile_model import Profile, Role
from recovery_console.core.site import Site

#: A profile with none of these has nothing to do with collecting.
SEPA_ROLES = ("mandate", "batch", "line", "creditor", "bank_account")


@dataclass(frozen=True)
class ProfileFits(Check):
	"""Do the DocTypes, fields and statuses exist that this site's SEPA profile names?

	Cost: the DocField, Custom Field and Property Setter rows of some twenty DocTypes, read once per diagnosis.
	"""

	title = _("SEPA profile")
	explained_by = ("database.missing_columns",)

	def run(self, site: Site) -> Answer:
		resolved = resolve_profiles(site)
		profiles = [profile for profile in resolved.profiles if any(profile.has(role) for role in SEPA_ROLES)]
		if not profiles and not resolved.problems:
			raise NotApplicable(_("No SEPA profile fits this site: it has no mandates and no bank accounts."))
		for name, problem in resolved.problems.items():
			yield self.warning(
				_("The SEPA profile {profile} cannot be read."),
				cause="{problem}",
				remedy=_("Open SEPA Profile {profile}, correct its definition and save it."),
				subject=name,
				subjects=[(DOCTYPE, name)],
				profile=name,
				problem=problem,
			)
		for profile in profiles:
			yield from self._missing(resolved, profile)
			yield from self._refused(resolved, profile)

	def _missing(self, resolved: Resolved, profile: Profile) -> Iterator[Finding]:
		"""What the site defines and its database lacks is worse than what another version does not have."""
		lost: list[str] = []
		absent: list[str] = []
		for path in profile.missing:
			doctype, _dot, column = path.partition(".")
			fields = resolved.fields.get(doctype, {})
			(lost if (column in fields if column else bool(fields)) else absent).append(path)
		if lost:
			yield self.warning(
				_("The database lacks what {profile} needs: {paths}."),
				cause=_("The site's DocTypes name them, so a migrate ended early or somebody dropped them."),
				remedy=_("Run `bench --site {site} migrate` and read its output; diagnose again."),
				subject=f"{profile.id}:database",
				subjects=[("DocType", path.partition(".")[0]) for path in lost],
				count=len(lost),
				profile=profile.title,
				paths=", ".join(lost),
				site=resolved.site,
			)
		if absent:
			build = self.warning if profile.own else self.info
			yield build(
				_("The SEPA profile {profile} names what this site does not have: {paths}."),
				cause=_(
					"The app has another version than the profile was written for; what needs it is skipped."
				),
				remedy=_("Write a SEPA Profile of your own that names where this site keeps them."),
				subject=f"{profile.id}:site",
				subjects=[("DocType", path.partition(".")[0]) for path in absent],
				count=len(absent),
				profile=profile.title,
				paths=", ".join(absent),
			)

	def _refused(self, resolved: Resolved, profile: Profile) -> Iterator[Finding]:
		for role in profile.roles:
			refused = _refused_values(resolved, role)
			if refused:
				yield self.warning(
					_("{field} of {doctype} does not offer what the profile {profile} expects: {values}."),
					cause=_("Its options were changed, so documents in these states are not recognised."),
					remedy=_(
						"Put the options back in Customize Form of {doctype}, or map the new ones in a SEPA Profile of your own."
					),
					subject=f"{profile.id}:{role.doctype}",
					subjects=[("DocType", role.doctype)],
					count=len(refused),
					profile=profile.title,
					doctype=role.doctype,
					field=role.fields["status"],
					values=", ".join(refused),
				)


def _refused_values(resolved: Resolved, role: Role) -> list[str]:
	field = resolved.fields.get(role.doctype, {}).get(role.fields.get("status", ""))
	choices = field.choices if field else None
	if choices is None:
		return []
	return [str(value) for values in role.status.values() for value in values if value not in choices]
