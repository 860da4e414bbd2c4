"""What a user installs is the whole package: code, types, migrations, templates, data and catalogs of messages."""

from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.build import build_wheel

ROOT = Path(__file__).parent.parent
FEATURES = {"sql", "postgresql", "mail", "passwords", "contact", "cli", "oidc", "web", "letters"}


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with ZipFile(tmp_path / build_wheel(str(tmp_path))) as archive:
        yield archive


def test_the_wheel_holds_every_file_of_the_package(wheel):
    source = ROOT / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    shipped = {name for name in wheel.namelist() if name.startswith("habilitation/")}
    assert shipped == {file for file in files if "__pycache__" not in file}
    assert "habilitation/py.typed" in shipped


def test_the_wheel_says_what_it_needs(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_bytes(wheel.read(name))
    needed = {line.partition(";")[0].rstrip("0123456789.,<>=") for line in metadata.get_all("Requires-Dist", [])}
    assert {"attrs", "cattrs", "tzdata"} <= needed
    assert set(metadata.get_all("Provides-Extra", [])) == FEATURES | {"all", "testing", "dev", "benchmarks"}
    assert metadata["License-Expression"] == "MIT"
