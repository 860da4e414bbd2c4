"""The import contracts of pyproject.toml hold, and each one bites when it is broken on purpose."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import grimp
import pytest
from importlinter import api

ROOT = Path(__file__).parent.parent
PYPROJECT = ROOT / "pyproject.toml"
LINT_IMPORTS = str(Path(sysconfig.get_path("scripts"), "lint-imports"))

# The contract, the file that gets the offending line (made if need be), and that line.
BREACHES = [
    ("layers", "domain/offender.py", "import habilitation.ports"),
    ("layers", "domain/offender.py", "import habilitation"),
    ("layers", "ports/offender.py", "import habilitation.use_cases"),
    ("layers", "use_cases/offender.py", "import habilitation.application"),
    ("layers", "use_cases/offender.py", "import habilitation.adapters.memory"),
    ("layers", "application.py", "import habilitation.adapters.memory"),
    ("layers", "adapters/sql/offender.py", "import habilitation.testing"),
    ("face", "__init__.py", "import habilitation.adapters.memory"),
    ("face", "__init__.py", "import habilitation.testing"),
    ("adapters", "adapters/sql/offender.py", "import habilitation.adapters.memory"),
    ("adapters", "adapters/memory.py", "import habilitation.adapters.sql"),
    ("adapters", "adapters/serialization.py", "import habilitation.adapters.sql"),
    ("adapters", "adapters/assembly.py", "import habilitation.adapters.cli"),
    ("adapters", "adapters/newcomer.py", "# An adapter that has no place in the contract yet."),
    ("cli", "adapters/cli/offender.py", "import habilitation.adapters.sql"),
    ("assembly", "adapters/sql/offender.py", "import habilitation.adapters.assembly"),
    ("assembly", "use_cases/offender.py", "import habilitation.adapters.assembly"),
    ("cli", "adapters/cli/offender.py", "import habilitation.adapters.asgi"),
    ("application", "adapters/sql/offender.py", "import habilitation.application"),
    ("application", "adapters/sql/offender.py", "from habilitation import Habilitation"),
    ("core", "domain/offender.py", "import sqlalchemy"),
    ("core", "use_cases/offender.py", "import cattrs"),
    ("pure", "domain/offender.py", "import random"),
    ("cattrs", "adapters/sql/offender.py", "import cattrs"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, beside the contracts, to be spoiled."""
    shutil.copy(PYPROJECT, tmp_path)
    source = Path("src/habilitation")
    shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def lint(tree: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(tree / "src"), "COLUMNS": "200"}
    command = [LINT_IMPORTS, "--no-logo", "--no-cache", *arguments]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False).stdout


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    assert "0 broken" in lint(copy)


@pytest.mark.parametrize(("contract", "file", "line"), BREACHES)
def test_a_breach_is_seen(copy: Path, contract: str, file: str, line: str) -> None:
    with (copy / "src/habilitation" / file).open("a", encoding="utf-8") as spoiled:
        spoiled.write(f"\n{line}\n")
    assert "0 kept, 1 broken" in lint(copy, "--contract", contract)


def test_every_contract_is_breached_above() -> None:
    contracts = api.read_configuration(str(PYPROJECT))["contracts_options"]
    assert {contract["id"] for contract in contracts} == {contract for contract, _, _ in BREACHES}


def test_the_core_imports_only_attrs_and_the_standard_library() -> None:
    graph = grimp.build_graph("habilitation", include_external_packages=True, cache_dir=None)
    core = {
        module
        for part in ("application", "use_cases", "ports", "domain")
        for module in (f"habilitation.{part}", *graph.find_descendants(f"habilitation.{part}"))
    }
    imported = {name.partition(".")[0] for module in core for name in graph.find_modules_directly_imported_by(module)}
    assert imported <= {"habilitation", "attr", "attrs"} | sys.stdlib_module_names
