"""Where a request comes from, to count what fails by it (R22)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

HOUSEHOLD = 64
"""The bits of an IPv6 address that a single subscriber holds: the rest of it is theirs to vary."""


Source = Callable[[HTTPConnection], str]
"""Says where a request comes from; empty where nobody can be believed about it."""


def source_of(request: HTTPConnection) -> str:
    """The peer's address, as the server knows it: never a header that the person may have written."""
    return _household(request.client.host if request.client else "")


def behind(*proxies: str) -> Source:
    """What the reverse proxies at these addresses say, and they alone: the last address that is none of theirs.

    Each adds what it saw to ``X-Forwarded-For``: what stands before that was written by whoever asked. Nobody is
    believed where they say nothing.
    """

    def source(request: HTTPConnection) -> str:
        if request.client is None or request.client.host not in proxies:
            return source_of(request)
        said = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        outside = [address.strip() for address in said if address.strip() not in ("", *proxies)]
        return _household(outside[-1]) if outside else ""

    return source


def _household(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:100]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, HOUSEHOLD), strict=False))
