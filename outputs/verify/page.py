"""A verification as a page or as JSON: one file that needs no network, no script and no colour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from outputs.page_templates import page_template
from outputs.safe_text import page_text
from outputs.verify.verdict import State, Verification
from outputs.verify.words import facts, meanings, next_step, title, verdict
from specs.errors import NfiError
from specs.private_files import written_whole

_LONGEST = 1_000  # characters of one text


class ReportUnfit(NfiError):
    """The name of a report says neither that it is a page nor that it is JSON."""

    exit_code = 2


def require_fit_report(target: Path) -> None:
    """Make sure of a report's name before any work is done.

    Raises:
        ReportUnfit: it ends in neither .html nor .json.
    """
    if target.suffix.casefold() not in {".html", ".json"}:
        raise ReportUnfit(f"{target}: write the report as .html, for people, or .json, for programs.")


def write_report(found: Verification, target: Path) -> None:
    """Write a verification, whole or not at all: as JSON, or as a page.

    Raises:
        ReportUnfit: see `require_fit_report`.
        OutputUnwritable: no permission, no space.
    """
    require_fit_report(target)
    content = verification_json(found) if target.suffix.casefold() == ".json" else verification_page(found)
    with written_whole(target) as temporary:
        temporary.write_bytes(content.encode())


def verification_json(found: Verification) -> str:
    """A verification for other programs; the same text for the same verification."""
    return found.model_dump_json(indent=2) + "\n"


def verification_page(found: Verification) -> str:
    """A verification as HTML that any browser shows; the same text for the same verification."""
    return page_template("verify_page.html", _presentable).render(
        title=title(found),
        verdict=verdict(found),
        next_step=next_step(found),
        found=found,
        facts=list(facts(found)),
        meanings=list(meanings()),
        differing=found.of_state(State.DIFFERS),
        left=found.of_state(State.NOT_REPEATED),
    )


def _presentable(said: Any) -> Any:
    """What HTML can hold of a text, whoever wrote it; what is markup already stays as it is."""
    return said if isinstance(said, Markup) or not isinstance(said, str) else page_text(said, _LONGEST)
