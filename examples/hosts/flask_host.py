"""A program on Flask that keeps contracts. Signing one opens the partner's organization, in the same transaction.

Its first letters leave by a worker: ``habilitation deliver --watch``.
"""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert
from sqlalchemy.exc import IntegrityError

from habilitation import NewOrganization, OperatorAgent, Refusal
from habilitation.adapters.asgi.statuses import STATUS
from habilitation.adapters.assembly import open_database
from habilitation.adapters.sql import SqlStore

AGENT = OperatorAgent("contracts")
"""As whom this program acts: it is the operator's."""
metadata = MetaData()
contracts = Table("contracts", metadata, Column("number", Text, primary_key=True), Column("organization", Text))


def program(database: str) -> Flask:
    """The program, with its tables and the portal's in one SQLite file."""
    portal = open_database(f"sqlite:///{database}")
    engine = create_engine(f"sqlite:///{database}")
    metadata.create_all(engine)
    app = Flask(__name__)
    app.extensions["closing"] = (portal.close, engine.dispose)  # what whoever runs it calls in the end
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(IntegrityError, signed_already)

    @app.post("/contracts")
    def sign() -> tuple[dict[str, str], int]:
        contract = request.get_json()
        asked = NewOrganization(contract["siret"], contract["name"], contract["contact"])
        with engine.begin() as connection:
            partner = portal.over(SqlStore.joined(connection)).open_organization(asked, by=AGENT)
            connection.execute(insert(contracts).values(number=contract["number"], organization=partner.id))
        return {"number": contract["number"], "organization": partner.id}, 201

    return app


def refused(refusal: Refusal) -> tuple[dict[str, str], int]:
    """What was refused, in words, with the status of its kind."""
    return {"code": refusal.code, "detail": str(refusal)}, STATUS[refusal.kind]


def signed_already(_: IntegrityError) -> tuple[dict[str, str], int]:
    """A contract has a number of its own; the organization that was opened with it is gone with it."""
    return {"code": "signed-already", "detail": "There is a contract of that number."}, 409
