"""What the first person is shown and acknowledges (R5)."""

import pytest

from habilitation.adapters.texts import LANGUAGES, DefaultOperatorTexts

GUIDE = """\
Vous êtes la première personne de votre organisme à vous connecter. Après validation, vous deviendrez \
l'administrateur de votre organisme. A ce titre, vous aurez la responsabilité des droits d'accès de vos utilisateurs \
à Mon Compte Partenaire.
Attention : l'adresse mail renseignée doit être nominative."""


def test_the_french_message_is_the_guide_s_word_for_word():
    """R5."""
    assert DefaultOperatorTexts.in_language("fr").first_authentication().message == GUIDE


@pytest.mark.parametrize("language", LANGUAGES)
def test_message_notice_and_responsibility_are_there_in_every_language(language):
    """R5."""
    text = DefaultOperatorTexts.in_language(language).first_authentication()
    assert all(len(words) > 100 for words in (text.message, text.notice, text.responsibility))


def test_the_version_is_that_of_the_very_words(tmp_path):
    """R5: changed words must be acknowledged anew, the same words need not."""
    own = tmp_path / "own.toml"
    own.write_text('responsibility = "Vous répondez de tout."', "utf-8")
    default = DefaultOperatorTexts.in_language("fr").first_authentication()
    changed = DefaultOperatorTexts.in_language("fr", own).first_authentication()
    assert DefaultOperatorTexts.in_language("fr").first_authentication().version == default.version
    assert (changed.responsibility, changed.notice) == ("Vous répondez de tout.", default.notice)
    assert changed.version != default.version
    own.write_text('notice = "Vous répondez de tout."', "utf-8")
    assert DefaultOperatorTexts.in_language("fr", own).first_authentication().version != changed.version


def test_the_languages_have_versions_of_their_own():
    versions = {DefaultOperatorTexts.in_language(language).first_authentication().version for language in LANGUAGES}
    assert len(versions) == len(LANGUAGES)


@pytest.mark.parametrize("text", ["notice = 3", 'notice = " "', 'Notice = "x"', "[notice]"])
def test_an_operator_s_file_that_is_none_is_refused_at_once(tmp_path, text):
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="the operator's texts are message, notice, responsibility"):
        DefaultOperatorTexts.in_language("fr", own)


def test_a_language_or_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="'de'"):
        DefaultOperatorTexts.in_language("de")
    with pytest.raises(FileNotFoundError):
        DefaultOperatorTexts.in_language("fr", tmp_path / "missing.toml")
