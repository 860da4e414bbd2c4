"""What ``habilitation serve`` is told: a TOML file, and the environment over it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, get_origin

import typed_settings as ts
from attrs import field, frozen
from typed_settings.converters import TSConverter
from typed_settings.dict_utils import flat2nested, get_path, merge_settings, set_path
from typed_settings.exceptions import TsError
from typed_settings.types import LoadedSettings, OptionList, SettingsDict

from habilitation.adapters.assembly import Settings, naming
from habilitation.adapters.serialization import structured

PREFIX = "HABILITATION_"
"""``HABILITATION_PORT`` is ``port``, ``HABILITATION_PORTAL_LANGUAGE`` is ``language`` of the table ``portal``."""
FILE = f"{PREFIX}SETTINGS"
"""Names the file, where the command does not."""
LARGEST_PORT = 65535
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@frozen
class Service:
    """Where a portal is served, on what, and with which settings."""

    database: str
    """``sqlite:///file``, made if there is none; or ``postgresql://user@host/database``."""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    """How many processes."""
    secure: bool = True
    """Whether browsers reach it over HTTPS; without, only loopback is served."""
    proxies: tuple[str, ...] = ()
    """The addresses of reverse proxies: who comes from where, and which agent it is, is believed of them alone."""
    agent_header: str = ""
    """The header in which a proxy names the operator's agent that it signed in (R35). Without, no agent comes in."""
    catalog: Path | None = None
    """Services and access groups to define if they are not (R3)."""
    maildir: Path | None = None
    """Put messages there, or else hand them to ``smtp``; with neither they wait for ``habilitation deliver``."""
    smtp: str = ""
    """``host:port``."""
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    portal: Settings = field(factory=Settings)


def load(file: Path | None) -> Service:
    """What the file says, and the environment over it; refused as ``SetupRefused``, which shows no value."""
    with naming(file or "environment"):
        return _possible(structured(_said(file), Service))


def _possible(service: Service) -> Service:
    """The settings, if they go together."""
    if not 0 < service.port <= LARGEST_PORT:
        raise ValueError(f"port must be from 1 to {LARGEST_PORT}")
    if service.workers < 1:
        raise ValueError("workers must be at least 1")
    if not service.secure and service.host not in LOOPBACK:
        raise ValueError("secure may be false on loopback only")
    if service.smtp and service.maildir:
        raise ValueError("smtp and maildir exclude each other")
    return service


def _said(file: Path | None) -> SettingsDict:
    """Values as they stand: what is wrong with one is for the strict reader to say, by the field's name."""
    options = ts.SettingsState(Service, [], [], TSConverter(), Path()).options
    try:
        from_file = ts.FileLoader({"*": ts.TomlFormat(None)}, [f"!{file}"] if file else [])(Service, options)
    except TsError as problem:
        raise ValueError(str(problem)) from None
    from_environment = _Environment(PREFIX)(Service, options)
    return flat2nested(merge_settings(options, [*from_file, from_environment]))


class _Environment(ts.EnvLoader):
    """Texts, as what a TOML file would have in their place."""

    def __call__(self, settings_cls: type, options: OptionList) -> LoadedSettings:
        loaded = super().__call__(settings_cls, options)
        for option in options:
            if self.get_envvar(option) in os.environ:
                text = get_path(loaded.settings, option.path)
                set_path(loaded.settings, option.path, _read(text, option.cls))
        return loaded


def _read(text: str, kind: Any) -> Any:
    """What cannot be read is left as it is, for the strict reader to refuse."""
    if get_origin(kind) is tuple:
        return text.split(",")
    if kind is int and text.isdecimal():
        return int(text)
    return {"true": True, "false": False}.get(text, text) if kind is bool else text
