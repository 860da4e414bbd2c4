"""Forms read the requests' one declaration, and know where a refusal stands (R10)."""

from datetime import date

import pytest

from habilitation.adapters.asgi.forms import FIELD, Field, Format, field_of, fields_of
from habilitation.adapters.assembly import LANGUAGES, texts
from habilitation.domain import requests
from habilitation.domain.refusals import (
    ActForbidden,
    ClosingInPast,
    DaySkipped,
    EmailMalformed,
    NameMissing,
    Refusal,
)
from habilitation.domain.requests import EmailChanging, NewOrganization, NewUser, UserSuspension

ALL = [kind for kind in vars(requests).values() if getattr(kind, "__module__", "") == requests.__name__]


def test_the_form_of_a_new_user_has_every_field_of_the_guide():
    assert [field.name for field in fields_of(NewUser)] == [
        *("last_name", "first_name", "email", "email_confirmation", "phone", "phone_confirmation"),
        *("opening", "closing", "mobile", "groups"),
    ]


def test_fields_say_how_they_are_typed():
    by_name = {field.name: field for field in fields_of(NewUser)}
    assert by_name["last_name"] == Field("last_name", Format.TEXT, required=True, most=250)
    assert by_name["email_confirmation"] == Field("email_confirmation", Format.EMAIL, False, 250, confirms="email")
    assert by_name["phone"].format is Format.PHONE
    assert by_name["closing"].format is Format.DAY
    assert by_name["mobile"].format is Format.YES_NO
    assert by_name["groups"].format is Format.SEVERAL


def test_a_contact_is_an_e_mail_address_and_the_lines_of_an_envelope():
    """R4: neither alone is required."""
    by_name = {field.name: field for field in fields_of(NewOrganization)}
    assert (by_name["contact"].format, by_name["postal"].format) == (Format.EMAIL, Format.LINES)
    assert not by_name["contact"].required
    assert not by_name["postal"].required


def test_a_reason_is_a_code_to_choose_and_a_text():
    assert [(field.name, field.format) for field in fields_of(UserSuspension)] == [
        ("reason", Format.ONE),
        ("text", Format.LINES),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("request_kind", ALL)
def test_every_field_has_a_label_in_each_language(request_kind, language):
    labels = texts(language).words["label"]
    assert {field.name for field in fields_of(request_kind)} <= set(labels)


def test_every_refusal_that_has_a_field_exists():
    known = {kind.code for kind in Refusal.__subclasses__() if hasattr(kind, "code")}
    assert set(FIELD) <= known


@pytest.mark.parametrize(
    ("refusal", "asked", "field"),
    [
        (NameMissing("last_name"), NewUser, "last_name"),
        (EmailMalformed(), NewUser, "email"),
        (EmailMalformed(), EmailChanging, "email"),
        (ClosingInPast(date(2026, 1, 1)), NewUser, "closing"),
        (ClosingInPast(date(2026, 1, 1)), requests.Closing, "on"),
        (ActForbidden("create"), NewUser, None),
        (NameMissing("document"), NewUser, None),
    ],
)
def test_a_refusal_stands_by_its_field_or_by_the_whole(refusal, asked, field):
    assert field_of(refusal, [each.name for each in fields_of(asked)]) == field


def test_a_day_that_does_not_exist_stands_where_it_was_typed():
    skipped = date(9999, 12, 31)
    typed = {"opening": date(2027, 1, 1), "closing": skipped}
    assert field_of(DaySkipped(skipped), ["opening", "closing"], typed) == "closing"
