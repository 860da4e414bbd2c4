"""Every code that the domain has can be read in every language."""

import inspect
import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from string import Formatter
from typing import Any, get_args

import attrs
import pytest

from habilitation.adapters.texts import LANGUAGES, Texts
from habilitation.domain import refusals, requests
from habilitation.domain.access import Why
from habilitation.domain.acts import Act, Role
from habilitation.domain.events import CatalogEvent, Event
from habilitation.domain.explanation import Link
from habilitation.domain.messages import MessageKind
from habilitation.domain.organization import AgreementState, SeatState
from habilitation.domain.refusals import ActForbidden, ClockBehind, ClosingNotAfterOpening, NameMissing, Refusal
from habilitation.domain.user import Status
from habilitation.ports.outbox import MessageState

SECTIONS: dict[str, type[Enum]] = {
    "why": Why,
    "status": Status,
    "act": Act,
    "role": Role,
    "seat": SeatState,
    "agreement": AgreementState,
    "message": MessageKind,
    "delivery": MessageState,
    "link": Link,
}
REFUSALS = [kind for _, kind in inspect.getmembers(refusals, inspect.isclass) if issubclass(kind, Refusal)]
REFUSALS.remove(Refusal)
EVENTS = [*get_args(Event), *get_args(CatalogEvent)]
SAMPLES = {"int": 12, "date": date(2019, 6, 3), "timedelta": timedelta(minutes=7), "str": "x"}
FRENCH = Texts.in_language("fr")


@pytest.fixture(params=LANGUAGES)
def texts(request) -> Texts:
    return Texts.in_language(request.param)


def an_instance(kind: Any) -> Refusal:
    refused: Refusal = kind(**{field.name: SAMPLES.get(str(field.type), "AFAS-DEC") for field in attrs.fields(kind)})
    return refused


@pytest.mark.parametrize("kind", REFUSALS)
def test_every_refusal_is_a_sentence_in_french(kind):
    sentence = FRENCH.refusal(an_instance(kind))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert sentence != str(an_instance(kind))


@pytest.mark.parametrize("kind", REFUSALS)
def test_every_placeholder_of_a_sentence_is_in_the_refusal_s_data(kind):
    wanted = {name for _, name, _, _ in Formatter().parse(FRENCH.words["refusals"][kind.code]) if name is not None}
    assert wanted <= {field.name for field in attrs.fields(kind)}


@pytest.mark.parametrize("kind", REFUSALS)
def test_in_english_a_refusal_is_its_own_sentence(kind):
    assert Texts.in_language("en").refusal(an_instance(kind)) == str(an_instance(kind))


def test_no_sentence_is_for_a_refusal_that_is_not():
    assert set(FRENCH.words["refusals"]) == {kind.code for kind in REFUSALS}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_code_has_a_text_and_two_codes_never_the_same(texts, section):
    read = [getattr(texts, section)(code) for code in SECTIONS[section]]
    assert all(read)
    assert len(set(read)) == len(read)


def test_no_text_is_for_a_code_that_is_not(texts):
    for section, codes in SECTIONS.items():
        assert set(texts.words[section]) == {code.value for code in codes}
    for section in ("event", "sentence"):
        assert set(texts.words[section]) == {event.__name__ for event in EVENTS}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_text(texts, event):
    assert texts.event(event(*[None] * len(attrs.fields(event))))


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_a_sentence_that_says_who_did_it_and_to_whom(texts, event):
    """A membership that is named by its number is told by its place."""
    sentence = texts.words["sentence"][event.__name__]
    wanted = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    has = {field.name for field in attrs.fields(event)}
    assert "by" in wanted
    assert wanted <= {"by", *has, *(["place"] if "number" in has else [])}
    silent = ("FirstCredentialsIssued", "SeatClaimed")
    assert "user" in wanted or "user" not in has or event.__name__ in silent
    assert "{by}" in texts.sentence(event(*[None] * len(attrs.fields(event))), **dict.fromkeys(wanted, "{by}"))


def fields_of(module: object) -> Iterable[str]:
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if attrs.has(kind) and kind.__module__ == requests.__name__:
            yield from (field.name for field in attrs.fields(kind))


def test_every_field_of_a_request_has_a_label(texts):
    assert set(fields_of(requests)) - set(texts.words["label"]) == set()


def test_a_field_without_a_label_is_shown_by_its_name():
    assert FRENCH.label("shoe_size") == "shoe size"


def test_a_french_refusal_says_dates_fields_and_acts_as_french_people_do():
    refused = ClosingNotAfterOpening(opening=date(2019, 6, 3), closing=date(987, 1, 2))
    assert "02/01/0987 n'est pas postérieure à la date d'ouverture 03/06/2019" in FRENCH.refusal(refused)
    assert "« Prénom »" in FRENCH.refusal(NameMissing("first_name")).replace("\u00a0", " ")
    assert "Consulter les utilisateurs" in FRENCH.refusal(ActForbidden("list-users"))
    assert "(unheard-of)" in FRENCH.refusal(ActForbidden("unheard-of"))
    assert "7\u00a0min" in FRENCH.refusal(ClockBehind(timedelta(minutes=7, seconds=3)))


def test_an_english_refusal_says_acts_as_people_do():
    assert "(Create a user)" in Texts.in_language("en").refusal(ActForbidden("create"))


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'de'"):
        Texts.in_language("de")


def test_french_typography_is_the_same_throughout():
    for text in (text for section in FRENCH.words.values() for text in section.values()):
        assert not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]|[’“”\t]|  ", text), text
