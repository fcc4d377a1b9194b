"""Loading ahead: for large extracts only, and never in the way."""

from __future__ import annotations

import importlib
import threading
from pathlib import Path

import pytest

from specs import loading


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was to be loaded, none of which there is."""
    names: list[str] = []

    def missing(name: str) -> None:
        names.append(name)
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    monkeypatch.setattr(loading, "ready_pandera", lambda: missing("pandera, ready"))
    return names


def load_ahead_of(*extracts: Path) -> None:
    before = set(threading.enumerate())
    loading.load_ahead(extracts)
    for thread in set(threading.enumerate()) - before:
        thread.join()


def test_what_is_small_or_not_there_is_not_worth_it(tmp_path: Path, asked: list[str]) -> None:
    small = tmp_path / "small.csv"
    small.write_bytes(b"a,b\n")
    load_ahead_of(small, tmp_path, tmp_path / "missing.csv")
    assert asked == []


def test_what_cannot_be_loaded_is_left_to_whoever_uses_it(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "WORTH_IT", 8)
    for name in ("january.csv", "february.csv"):
        (tmp_path / name).write_bytes(b"a,b\n")
    load_ahead_of(tmp_path / "january.csv", tmp_path / "february.csv")
    assert asked == ["duckdb", "specs.pandera_alone", "pandera, ready"]
