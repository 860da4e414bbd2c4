"""Refusals are values that travel: a code, a kind, a sentence (design: Refusals)."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from habilitation.domain import refusals
from habilitation.domain.refusals import DatabaseUnavailable, Kind, NameMissing, Refusal

CLASSES = [
    value
    for value in vars(refusals).values()
    if isinstance(value, type) and issubclass(value, Refusal) and value is not Refusal
]
SAMPLES: dict[str, Any] = {"date": date(2026, 3, 1), "int": 12, "timedelta": timedelta(minutes=6)}


def sample(kind: type[Refusal]) -> Refusal:
    fields = attrs.fields(kind) if attrs.has(kind) else ()
    return kind(*(SAMPLES.get(str(field.type), "AFAS-DEC") for field in fields))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_refusal_survives_pickling_and_copying(kind):
    refusal = sample(kind)
    for again in (pickle.loads(pickle.dumps(refusal)), copy.copy(refusal), copy.deepcopy(refusal)):
        assert type(again) is kind
        assert again.data == refusal.data
        assert str(again) == str(refusal)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_refusal_reads_as_a_sentence(kind):
    sentence = str(sample(kind))
    assert re.fullmatch(r"[A-Z][^{}]*\.", sentence)
    assert "_" not in sentence


def test_only_the_name_of_a_field_is_put_in_words():
    """Any other value is shown as it is."""
    assert "last name" in str(NameMissing("last_name"))
    assert "my_file" in str(DatabaseUnavailable("my_file"))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_refusal_shows_all_its_data_in_its_sentence_or_keeps_it_for_programs(kind):
    fields = {field.name for field in attrs.fields(kind)}
    assert set(re.findall(r"{(\w+)", kind.sentence)) <= fields == set(sample(kind).data)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_refusal_has_a_slug_for_a_code_and_a_kind(kind):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
    assert isinstance(kind.kind, Kind)


def test_codes_are_unique():
    assert len({kind.code for kind in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_refusal_of_a_rule_cites_it(kind):
    assert kind.__doc__
    assert re.search(r"\b[RI]\d+\b", kind.__doc__) or kind.code in WITHOUT_A_RULE


WITHOUT_A_RULE = {
    "reference-malformed",
    "cursor-malformed",
    "changed-meanwhile",
    "done-already",
    "key-reused",
    "key-malformed",
    "page-size-refused",
    "message-not-dead",
    "conflict",
    "busy",
    "connection-lost",
    "database-busy",
    "database-locked",
    "database-read-only",
    "database-full",
    "database-damaged",
    "database-foreign",
    "database-newer",
    "database-outdated",
    "database-unavailable",
    "outcome-unknown",
    "value-unstorable",
}
"""What comes from the machine, not from the domain."""


def test_a_field_is_named_in_words():
    assert str(NameMissing("last_name")) == "The last name is missing."


def test_every_refusal_is_caught_by_the_root():
    with pytest.raises(Refusal):
        raise NameMissing("name")
