"""Whether people can still log in when one way to do so is switched off."""

from __future__ import annotations

from recovery_console.core.finding import _
from recovery_console.core.site import Site


def ways_left(site: Site) -> list[str]:
	"""Return what to know where passwords do not open this site either."""
	if not site.single_int("System Settings", "disable_user_pass_login"):
		return []
	return [
		_(
			"Logging in with a password is switched off, too: where no other way is left, nobody gets in until the"
			" runbook allow-password-login has run."
		)
	]
