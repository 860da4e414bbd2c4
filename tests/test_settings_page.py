"""The settings page shows files that the library reads, with every field there is."""

import re
import tomllib
from pathlib import Path

from attrs import fields

from habilitation.adapters.asgi.service import Service, load
from habilitation.adapters.serialization import structured
from habilitation.adapters.settings import CatalogData, Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
SERVING = PAGE.with_name("serving.md")
SETTINGS, CATALOG = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_settings_shown_are_read_and_none_is_left_out():
    written = tomllib.loads(SETTINGS)
    assert set(written) == {field.name for field in fields(Settings)}
    assert structured(written, Settings).portal == "My Partner Account"


def test_the_catalog_shown_is_read():
    assert structured(tomllib.loads(CATALOG), CatalogData).groups[0].needs_document


def test_the_settings_of_serving_shown_are_read_and_none_is_left_out(tmp_path):
    shown = re.findall(r"```toml\n(.*?)```", SERVING.read_text("utf-8"), re.DOTALL)[0]
    assert {*tomllib.loads(shown)} == {field.name for field in fields(Service)}
    file = tmp_path / "portal.toml"
    file.write_text(shown)
    assert load(file).portal.address == "https://portal.example"
