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


def behind(proxies: int) -> Source:
    """The address that the outermost of so many proxies saw, where each request passes them all and all are trusted.

    Each proxy adds what it saw to ``X-Forwarded-For``: what stands before that was written by whoever asked.
    """

    def source(request: HTTPConnection) -> str:
        seen = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        return _household(seen[-proxies].strip()) if len(seen) >= proxies else ""

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
