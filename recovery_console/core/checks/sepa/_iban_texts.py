"""What an invalid account number means, in words, for mandates and bank accounts alike."""

from __future__ import annotations

from collections.abc import Mapping

from recovery_console.core.finding import _

#: Code of a mistake -> what is wrong, and what to do about it.
IBAN_TEXTS: Mapping[str, tuple[str, str]] = {
	"missing": (_("it is empty"), _("Ask the holder for the IBAN and enter it.")),
	"length": (
		_("it does not have the length that its country uses"),
		_("Ask the holder for the IBAN: a part was lost or doubled when it was typed."),
	),
	"characters": (
		_("it holds characters that do not belong there, often the letter O in place of a zero"),
		_("Correct the character that is out of place; ask the holder when in doubt."),
	),
	"country": (_("its first two letters are no country with IBANs"), _("Ask the holder for the IBAN.")),
	"check_digits": (
		_("its check digits do not fit, so a digit is mistyped or two are swapped"),
		_("Ask the holder for the IBAN; guessing digits can hit the account of somebody else."),
	),
	"outside": (
		_("its country does not take part in SEPA"),
		_("Agree on another account or another way to pay."),
	),
	"own": (
		_("it is your own account"),
		_("Ask the holder for the IBAN; the collecting account was entered in its place."),
	),
	"spaced": (
		_("it is valid, but stored with blanks or small letters"),
		_(
			"Nothing is urgent: store it in capitals without blanks, because matching compares letter by letter."
		),
	),
}
