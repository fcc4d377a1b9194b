"""What tests of commands share: a sample that has been checked, for tests of what comes after."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nfi.sample import SampleSummary
from nfi.verbs import check


@pytest.fixture(scope="session")
def checked_once(sample: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, all of it checked. Read it; do not change it."""
    folder = tmp_path_factory.mktemp("checked") / "work"
    for dataset in ("payroll", "creditors-standing", "creditors-history"):
        check([sample.files[dataset]], dataset, folder=folder, at=datetime.now(UTC))
    return folder


@pytest.fixture
def checked(checked_once: Path, tmp_path: Path) -> Path:
    """A copy of the checked sample, to work in."""
    return shutil.copytree(checked_once, tmp_path / "checked")
