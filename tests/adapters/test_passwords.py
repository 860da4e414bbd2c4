"""Passwords kept by the real argon2 and judged by the real zxcvbn (R12, R19, R22)."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habilitation.adapters.assembly import Settings, open_database
from habilitation.adapters.passwords import Passwords, StrengthPolicy
from habilitation.adapters.system import SystemSecrets
from habilitation.domain.refusals import (
    Busy,
    DatabaseDamaged,
    NameMalformed,
    PasswordTooLong,
    PasswordTooShort,
    PasswordTooWeak,
    Refusal,
)

LIGHT = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""So that tests are quick; its hashes are argon2id all the same."""
PASSWORDS = Passwords(LIGHT)
POLICY = StrengthPolicy()
GOOD = "quatre oliviers au soleil"
NOT_PASSWORDS = ["\ud800" * 12, "x" * 1_000_000]


def test_a_chosen_password_is_kept_by_argon2id_with_at_least_64_megabytes_unless_told_otherwise():
    kept = Passwords().keep(GOOD)
    parameters = argon2.extract_parameters(kept)
    assert (parameters.type, parameters.memory_cost >= 65536) == (argon2.Type.ID, True)
    assert Passwords().matches(GOOD, kept)


@pytest.mark.parametrize("keep", [PASSWORDS.keep, PASSWORDS.keep_minted])
@given(password=st.text(max_size=200), other=st.text(max_size=200))
def test_a_password_matches_its_own_hash_and_no_other_does(keep, password, other):
    """R19."""
    kept = keep(password)
    assert PASSWORDS.matches(password, kept)
    assert PASSWORDS.matches(other, kept) == (composed(password) == composed(other))


def composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@pytest.mark.parametrize("keep", [PASSWORDS.keep, PASSWORDS.keep_minted])
def test_the_same_password_from_another_keyboard_matches(keep):
    assert PASSWORDS.matches("ole\u0301iviers", keep("ol\u00e9iviers"))
    assert PASSWORDS.matches("ol\u00e9iviers", keep("ole\u0301iviers"))


@pytest.mark.parametrize("keep", [PASSWORDS.keep, PASSWORDS.keep_minted])
def test_a_hash_shows_nothing_of_its_password_and_is_salted(keep):
    """R12, I10."""
    password = SystemSecrets().password()
    one, other = keep(password), keep(password)
    assert one != other
    assert not any(password in text for text in (one, other, repr(PASSWORDS)))


def test_the_end_of_a_password_counts_after_a_nul_too():
    for keep in (PASSWORDS.keep, PASSWORDS.keep_minted):
        assert not PASSWORDS.matches("oliviers\0b", keep("oliviers\0a"))


@pytest.mark.parametrize("password", NOT_PASSWORDS)
def test_what_is_no_password_is_refused_when_kept_and_matches_nothing(password):
    for keep in (PASSWORDS.keep, PASSWORDS.keep_minted):
        with pytest.raises(Refusal):
            keep(password)
        assert not PASSWORDS.matches(password, keep(GOOD))
    PASSWORDS.waste(password)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "x",
        "$argon2id$",
        "$argon2id$é",
        "$argon2id$v=19$m=8,t=1,p=1$!!$!!",
        "$sha256$",
        "$sha256$é$x",
        GOOD,
        "$1$a$b",
    ],
)
def test_a_hash_that_is_none_is_a_damaged_database_and_nobody_s_password(kept):
    with pytest.raises(DatabaseDamaged) as refused:
        PASSWORDS.matches(GOOD, kept)
    assert GOOD not in str(refused.value)


def test_a_hash_made_with_other_costs_still_matches():
    """The settings may change; nobody's password may stop working."""
    kept = LIGHT.hash(GOOD)
    assert Passwords(argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)).matches(GOOD, kept)


def test_when_every_slot_is_taken_the_next_one_is_told_busy_and_minted_ones_pass():
    """No more hashes at once than there are cores; signing in must not pile up."""
    passwords = Passwords(LIGHT, slots=1, patience=timedelta(milliseconds=10))
    chosen, minted = passwords.keep(GOOD), passwords.keep_minted(GOOD)
    assert passwords._turns.acquire(blocking=False)
    for refused in (passwords.keep, passwords.waste, lambda password: passwords.matches(password, chosen)):
        with pytest.raises(Busy):
            refused(GOOD)
    assert passwords.matches(GOOD, minted)
    passwords._turns.release()
    assert passwords.matches(GOOD, chosen)


def test_a_slot_is_given_back_whatever_happened_in_it():
    passwords = Passwords(LIGHT, slots=1, patience=timedelta(milliseconds=10))
    for _ in range(3):
        assert not passwords.matches("another", passwords.keep(GOOD))
        with pytest.raises(DatabaseDamaged):
            passwords.matches(GOOD, "$argon2id$v=19$m=8,t=1,p=1$!!$!!")


def test_of_more_people_than_slots_everybody_gets_a_turn_within_patience():
    passwords = Passwords(LIGHT, slots=2)
    kept = passwords.keep(GOOD)
    with ThreadPoolExecutor(8) as people:
        assert all(people.map(lambda _: passwords.matches(GOOD, kept), range(40)))


def test_wasting_costs_as_much_as_verifying():
    """R22: an unknown login must not answer faster."""
    spent: list[str] = []

    class Counting(argon2.PasswordHasher):
        def hash(self, password, *, salt=None):
            spent.append("hash")
            return super().hash(password, salt=salt)

    passwords = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    passwords.waste(GOOD)
    assert spent == ["hash"]


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", PasswordTooShort),
        ("oliviers?", PasswordTooShort),
        ("e\u0301" * 11, PasswordTooShort),
        ("Kx9#mW2$vLq8" * 11, PasswordTooLong),
        ("x" * 1_000_000, PasswordTooLong),
        ("motdepasse2024", PasswordTooWeak),
        ("azertyuiop12", PasswordTooWeak),
        ("aaaaaaaaaaaaaaaa", PasswordTooWeak),
        ("\x00" * 12, PasswordTooWeak),
        ("\ud800" * 12, NameMalformed),
    ],
)
def test_a_password_too_short_too_long_or_too_weak_is_refused_as_such(password, refusal):
    """R19."""
    with pytest.raises(refusal):
        POLICY.check(password, [])


@pytest.mark.parametrize("password", [GOOD, "Kx9#mW2$vLq8", "Kx9#mW2$vLq8" * 10 + "Kx9#mW2$"])
def test_a_strong_password_of_12_to_128_characters_passes(password):
    """R19."""
    POLICY.check(password, ["Curie", "Marie"])


@pytest.mark.parametrize("password", ["Skłodowska2024", "SklodowskaMarie", "szczebrzeszyn1"])
def test_a_person_s_own_words_make_no_strong_password(password):
    """R19: with or without accents, in any case, piece by piece."""
    POLICY.check(password, [])
    with pytest.raises(PasswordTooWeak):
        POLICY.check(password, ["Skłodowska", "Marie", "s.szczebrzeszyn@olivier.example"])


def test_the_portal_s_own_names_make_no_strong_password():
    """R19: nor those of whoever operates it."""
    settings = Settings(portal="Espace Oliviers", operator="Ministère des Vergers", agency="Verger Central")
    policy = open_database("memory:", settings=settings).ports.policy
    for password in ("EspaceOliviers", "MinistereVergers", "VergerCentral1"):
        POLICY.check(password, [])
        with pytest.raises(PasswordTooWeak):
            policy.check(password, [])


def test_the_numbers_are_settings():
    """R19 (chosen)."""
    StrengthPolicy(least=4, most=5, score=0).check("abcd", [])
    with pytest.raises(PasswordTooLong):
        StrengthPolicy(least=4, most=5, score=0).check("abcdef", [])


@given(st.text(st.characters(), max_size=150), st.lists(st.text(st.characters(), max_size=20), max_size=3))
def test_any_text_is_judged_without_a_traceback(password, about):
    with suppress(Refusal):
        POLICY.check(password, about)
