"""A program on Django that keeps contracts. Signing one has the partner's organization opened as soon as it is kept.

Django's transactions are its own, so the act follows the commit instead of being part of it. It has a key, the
contract's number: whatever ends between the two, ``open_missing`` asks for it again, and it is done once. Its first
letters leave by a worker: ``habilitation deliver --watch``.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import django
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from habilitation import Habilitation, NewOrganization, OperatorAgent, Refusal, Terms
from habilitation.adapters.asgi.statuses import STATUS
from habilitation.adapters.assembly import open_database
from habilitation.domain.refusals import DoneAlready

AGENT = OperatorAgent("contracts")
"""As whom this program acts: it is the operator's."""
TABLE = "CREATE TABLE IF NOT EXISTS contracts (number TEXT PRIMARY KEY, asked TEXT, organization TEXT, problem TEXT)"
urlpatterns: list[URLPattern] = []


def program(database: str, portal_database: str) -> Habilitation:
    """Set Django up, and open the portal; each has an SQLite file of its own."""
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    )
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    portal = open_database(f"sqlite:///{portal_database}")
    urlpatterns.append(path("contracts", signing(portal)))
    return portal


def signing(portal: Habilitation) -> Callable[[HttpRequest], HttpResponse]:
    """The view: a contract is kept, or it is not; then its organization is opened."""

    def sign(request: HttpRequest) -> HttpResponse:
        contract = json.loads(request.body)
        number = contract.pop("number")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO contracts (number, asked) VALUES (%s, %s)", [number, json.dumps(contract)])
                transaction.on_commit(lambda: open_missing(portal))
        except IntegrityError:
            return JsonResponse({"detail": "There is a contract of that number."}, status=409)
        organization, problem = _outcome(number)
        return JsonResponse({"number": number, "organization": organization, "problem": problem}, status=201)

    return sign


def open_missing(portal: Habilitation) -> None:
    """Open the organization of each contract that has none yet: also to be called from time to time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, asked FROM contracts WHERE organization IS NULL AND problem IS NULL")
        for number, asked in cursor.fetchall():
            organization, problem = _opened(portal, number, NewOrganization(**json.loads(asked)))
            values = [organization, problem, number]
            cursor.execute("UPDATE contracts SET organization = %s, problem = %s WHERE number = %s", values)


def _opened(portal: Habilitation, number: str, asked: NewOrganization) -> tuple[str | None, str | None]:
    """Its id, or what was refused; neither, where it is to be asked again."""
    try:
        return portal.open_organization(asked, by=AGENT, terms=Terms(key=f"contract {number}")).id, None
    except DoneAlready as done:
        return done.organization, None
    except Refusal as refusal:
        return None, None if STATUS[refusal.kind] >= 500 else refusal.code


def _outcome(number: str) -> tuple[str | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization, problem FROM contracts WHERE number = %s", [number])
        organization, problem = cursor.fetchone()
        return organization, problem
