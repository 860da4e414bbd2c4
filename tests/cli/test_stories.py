"""``habilitation demo --story``: what the guides leave out, each a page that ends with every journal sound."""

from __future__ import annotations

import re

import pytest

from habilitation.adapters.cli.demonstration.stories import STORIES
from tests.cli.command import Command
from tests.cli.test_demo import in_order, words

REFUSALS = {
    "leaver": ["session-ended", "account-is-closed"],
    "stolen-letter": [
        *("sign-in-refused", "password-choice-demanded", "session-ended", "sign-in-refused"),
        "sign-in-refused",
    ],
    "vanished-administrator": ["holder-protected", "act-forbidden", "seat-taken", "organization-claimed"],
    "take-back": ["control-taken", "control-taken", "actor-not-open", "outside-scope"],
}
TOLD = {
    "leaver": (
        "Oui, jusqu'au",
        "Non. Le compte est clos",
        "Messages remis : 0",
        "n'est pas dans le groupe",
        "Personne.",
    ),
    "stolen-letter": ("devine un identifiant", "Messages remis à", "depuis une autre adresse", "Connexion refusée"),
    "vanished-administrator": (
        "n'a plus d'administrateur",
        "C'est fait.",
        "est l'administrateur de",
        "Administrateur : Bruno Petit",
    ),
    "take-back": ("gardent leurs accès", "Oui, jusqu'au", "Suspendu", "La main est rendue", "C'est fait."),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_told_in_french_as_it_was_announced(command: Command, story: str) -> None:
    """R1–R44, as the story names them: each refusal is the one announced, and every journal is sound at the end."""
    outcome = command("demo", "--story", story)
    assert (outcome.status, outcome.err) == (0, "")
    told = words(outcome.out)
    assert re.findall(r"\[([a-z-]+)\]", told) == REFUSALS[story]
    assert in_order(told, *TOLD[story], "Tout se tient")


@pytest.mark.parametrize("story", STORIES)
def test_and_in_english_without_a_word_of_french(command: Command, story: str) -> None:
    outcome = command("demo", "--story", story, "--lang", "en")
    assert (outcome.status, outcome.err) == (0, "")
    assert "All is sound" in words(outcome.out)
    assert not re.search(r"\b(le|une|dans|est)\b", outcome.out)


def test_a_story_leaves_no_database_behind_and_takes_none(command: Command, tmp_path) -> None:
    outcome = command("demo", "--story", "leaver", "--database", f"sqlite:///{tmp_path}/story.db", "--lang", "en")
    assert (outcome.status, outcome.err.strip()) == (2, "A story is played in memory: name no database.")
    assert not (tmp_path / "story.db").exists()


def test_a_story_that_is_not_told_is_named_with_those_that_are(command: Command) -> None:
    outcome = command("demo", "--story", "happy-end")
    assert outcome.status == 2
    assert all(story in outcome.err for story in STORIES)
