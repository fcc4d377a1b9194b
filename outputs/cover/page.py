"""The cover sheet as a page to print: one HTML file that needs no network, no script and no colour."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from outputs.cover.sheet import cover_sheet
from outputs.page_templates import page_template
from outputs.safe_text import page_text
from outputs.submitted.manifest import Manifest

_LONGEST = 5_000  # characters of one text


def cover_page(manifest: Manifest) -> bytes:
    """The page as UTF-8, the same bytes for the same manifest. Holds no records, and nothing of any one."""
    page = page_template("cover_sheet.html", _presentable).render(sheet=cover_sheet(manifest))
    return page.encode()


def _presentable(said: Any) -> Any:
    """What HTML can hold of a cell or a text; what is markup already stays as it is."""
    if isinstance(said, Markup):
        return said
    return page_text(f"{said:,}" if isinstance(said, int) else str(said), _LONGEST)
