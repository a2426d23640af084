"""Desk speaks Dutch and German: nothing is missing, nothing is left over, and every value has its place."""

from __future__ import annotations

import pytest

from tests.translations import LANGUAGES, messages, placeholders, translations


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
	known, wanted = translations(language), messages()
	missing = [text for text in wanted if not known.get(text, "").strip()]
	assert not missing[:5], f"python -m tests.translations {language} prints all {len(missing)} of them"
	assert not sorted(set(known) - set(wanted))[:5], "these are no longer used"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_a_place_for_every_value(language: str) -> None:
	wrong = {
		text: translated
		for text, translated in translations(language).items()
		if placeholders(text) != placeholders(translated)
	}
	assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_and_blanks_at_the_ends_are_kept(language: str) -> None:
	wrong = [
		text
		for text, translated in translations(language).items()
		if text.endswith("…") != translated.endswith("…") or translated != translated.strip()
	]
	assert not wrong


def test_texts_are_found_where_they_stand() -> None:
	found = messages()
	assert found["Be ready before the night: {0} of {1}"] == "setup.js"
	assert found["Say whom to call"] == "setup_steps.py"
	assert found["Severity"].endswith(".json") or found["Severity"].endswith(".js")
