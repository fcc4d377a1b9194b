"""What a command loads: no more than it needs, since loading all of nfi takes seconds."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.main import get_command

from nfi.app import app

HEAVY = {"duckdb", "openpyxl", "pandas", "pandera", "phonenumbers", "pyarrow", "cryptography"}


@pytest.mark.parametrize(
    ("module", "loaded"),
    [("nfi.app", set()), ("nfi.commands.check", {"pyarrow"})],
)
def test_heavy_libraries_wait_until_they_are_needed(module: str, loaded: set[str]) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert HEAVY & set(json.loads(ran.stdout)) == loaded


def test_every_verb_can_be_loaded_and_keeps_its_name() -> None:
    verbs = get_command(app).commands  # type: ignore[attr-defined]
    assert {name: verbs[name].name for name in verbs} == {name: name for name in verbs}
    assert "check" in verbs
    assert "chekc" not in verbs
