"""R1: what a SIRET is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.domain.refusals import SiretMalformed, SiretRefused
from habilitation.domain.values import Siret

REAL = {
    "13002526500013": "DINUM",
    "21920023500014": "Commune de Clamart",
    "12002701600357": "Insee",
    "35600000000048": "La Poste, its head office: the ordinary checksum",
    "35600000009075": "La Poste, an establishment: the digits add up to a multiple of 5",
    "35600000049837": "La Poste, an establishment",
}
REFUSED = {
    "35600000049838": "La Poste's SIREN, but neither rule holds",
    "00000000000000": "not a SIREN, though the checksum holds",
    "13002526500014": "DINUM's, but for the last digit",
    "21920023500041": "Clamart's, two digits swapped",
    "13002526600003": "the whole adds up, but not the SIREN in it",
}


@pytest.mark.parametrize("digits", REAL)
def test_a_siret_that_exists_is_read(digits):
    assert str(Siret.parse(digits)) == digits


@pytest.mark.parametrize("digits", REFUSED)
def test_a_siret_that_cannot_exist_is_refused(digits):
    with pytest.raises(SiretRefused):
        Siret.parse(digits)


def test_la_postes_exception_is_for_la_poste_alone():
    with pytest.raises(SiretRefused):
        Siret.parse("13002526500001")  # the SIREN holds, the digits add up to a multiple of 5, the checksum fails


def test_ordinary_spaces_are_dropped():
    assert Siret.parse(" 130 025 265 00013 ") == Siret("13002526500013")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1300252650001",
        "130025265000130",
        "1300252650001O",
        "130025265-00013",
        "130-025-265-00013",
        "130.025.265.00013",
        "130\u00a0025\u00a0265\u00a000013",
        "130\u202f025\u202f265\u202f00013",
        "13002526500013\n",
        "\t13002526500013",
        "\ufeff13002526500013",
        "１３００２５２６５０００１３",
        "1300252650001３",
        "١٣٠٠٢٥٢٦٥٠٠٠١٣",
        "²3002526500013",
        "+3002526500013",
    ],
)
def test_anything_but_fourteen_plain_digits_is_refused_and_never_cleaned_up(typed):
    with pytest.raises(SiretMalformed):
        Siret.parse(typed)


@given(st.text(alphabet="0123456789", min_size=14, max_size=14), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(digits, place, shift):
    """Luhn's promise; La Poste's exception has no such one."""
    siren = digits[:9]
    whole = _completed(_completed(siren[:8]) + digits[9:13])
    if whole.startswith(("356000000", "000000000")):
        return
    assert Siret.parse(whole)
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    if not wrong.startswith("356000000"):
        with pytest.raises(SiretRefused):
            Siret.parse(wrong)


def _completed(digits):
    """The digits, with the one that makes Luhn's sum a multiple of ten: written anew, from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value // 10 + value % 10
    return digits + str(-total % 10)
