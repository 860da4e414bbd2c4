"""Stores and transports with one thing broken in each, as people do break them, by the chapters of the contract."""

from tests.contract.broken import (
    acts,
    attempts,
    catalogs,
    chains,
    credentials,
    erasing,
    feeds,
    keys,
    lists,
    messages,
    organizations,
    security_logs,
    transports,
    writers,
)
from tests.contract.broken.breaking import BROKEN

__all__ = [
    "BROKEN",
    "acts",
    "attempts",
    "catalogs",
    "chains",
    "credentials",
    "erasing",
    "feeds",
    "keys",
    "lists",
    "messages",
    "organizations",
    "security_logs",
    "transports",
    "writers",
]
