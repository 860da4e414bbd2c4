"""How names are found and listed, whatever their accents and case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.folding import folded


@pytest.mark.parametrize(
    ("text", "found_as"),
    [
        ("Œuvrard", "oeuvrard"),
        ("José María", "jose maria"),
        ("D'Arc", "d'arc"),
        ("N'Guyen", "n'guyen"),
        ("Ærø", "aero"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Jose\u0301", "jose"),
        ("ÇELIK", "celik"),
        ("𝖠𝓷𝓷𝓮", "anne"),
        ("Ǽ", "ae"),
        ("", ""),
    ],
)
def test_accents_case_and_ligatures_do_not_matter(text, found_as):
    assert folded(text) == found_as


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet="abcœéèÉÀçñÏ' -", max_size=20))
def test_upper_case_is_found_by_lower_case(text):
    assert folded(text.upper()) == folded(text.lower())
