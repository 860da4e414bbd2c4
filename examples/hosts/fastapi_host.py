"""A program on FastAPI that keeps contracts. Signing one opens the partner's organization, in the same transaction.

Its first letters leave by a worker: ``habilitation deliver --watch``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, Table, Text, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from habilitation import Habilitation, NewOrganization, OperatorAgent, OrganizationId, Refusal
from habilitation.adapters.aio import within
from habilitation.adapters.asgi.api import api
from habilitation.adapters.asgi.portal import pages
from habilitation.adapters.asgi.statuses import STATUS
from habilitation.adapters.assembly import open_database

AGENT = OperatorAgent("contracts")
"""As whom this program acts: it is the operator's."""
metadata = MetaData()
contracts = Table("contracts", metadata, Column("number", Text, primary_key=True), Column("organization", Text))


class Contract(BaseModel):
    """What is signed."""

    number: str
    siret: str
    name: str
    contact: str


def program(database: str) -> FastAPI:
    """The program, with its tables and the portal's in one SQLite file."""
    portal = open_database(f"sqlite:///{database}")
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()
        portal.close()

    app = FastAPI(lifespan=running)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(IntegrityError, signed_already)
    app.mount("/portal", pages(portal))
    app.mount("/api", api(portal))

    @app.post("/contracts", status_code=201)
    async def sign(contract: Contract) -> dict[str, str]:
        asked = NewOrganization(contract.siret, contract.name, contract.contact)

        def opened(inside: Habilitation) -> OrganizationId:
            return inside.open_organization(asked, by=AGENT).id

        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            partner = await within(connection, portal, opened)
            await connection.execute(insert(contracts).values(number=contract.number, organization=partner))
        return {"number": contract.number, "organization": partner}

    return app


async def refused(_: Request, refusal: Exception) -> JSONResponse:
    """What was refused, in words, with the status of its kind."""
    assert isinstance(refusal, Refusal), "nothing else comes here"
    return JSONResponse({"code": refusal.code, "detail": str(refusal)}, STATUS[refusal.kind])


async def signed_already(_: Request, __: Exception) -> JSONResponse:
    """A contract has a number of its own; the organization that was opened with it is gone with it."""
    return JSONResponse({"code": "signed-already", "detail": "There is a contract of that number."}, 409)
