"""Bytes and data as the library's own classes, and back: the only place that knows cattrs."""

from habilitation.adapters.serialization.answers import KINDS, VALUES, WITHHELD, unstructured
from habilitation.adapters.serialization.files import structured
from habilitation.adapters.serialization.journal import decode, encode

__all__ = ["KINDS", "VALUES", "WITHHELD", "decode", "encode", "structured", "unstructured"]
