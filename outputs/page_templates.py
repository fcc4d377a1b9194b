"""Templates of pages and pictures: what they are filled with is escaped, and nothing may be missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def page_template(name: str, presentable: Callable[[object], object]) -> Template:
    """A template of ours.

    Args:
        name: its file.
        presentable: makes of each value what may stand on the page.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=presentable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)
