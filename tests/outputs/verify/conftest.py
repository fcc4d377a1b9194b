"""One package for all tests of verifying."""

from __future__ import annotations

import pytest

from tests.outputs.verify.tampered import Made, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A package. Read it; do not change it."""
    return make(tmp_path_factory.mktemp("made"))
