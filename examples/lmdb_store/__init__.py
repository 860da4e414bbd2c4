"""A store of habilitation over LMDB, a key-value library: an example to copy, which passes the contract."""

from lmdb_store.store import LmdbStore

__all__ = ["LmdbStore"]
