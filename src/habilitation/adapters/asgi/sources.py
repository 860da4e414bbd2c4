"""Where a request comes from, to count what fails by it (R22)."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

HOUSEHOLD = 64
"""The bits of an IPv6 address that a single subscriber holds: the rest of it is theirs to vary."""


def source_of(request: HTTPConnection) -> str:
    """The peer's address, as the server knows it: never a header that the person may have written."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:100]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, HOUSEHOLD), strict=False))
