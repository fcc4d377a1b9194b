"""The YAML files that come with nfi: word lists, settings, sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_FASTER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, ten times as fast where it is there; for files of our own, never for a user's."""


def read_own_yaml(path: Path) -> Any:
    """What a file of nfi's own says, for a model to validate."""
    return yaml.load(path.read_bytes(), Loader=_FASTER)  # noqa: S506 (it is a safe loader)
