"""What is typed after the options of `nfi package`, taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from nfi.console import messages, paragraph
from outputs.submitted.acceptance import Acceptance
from specs.headings import shown
from specs.lookups import GivenLookup


def acceptances(every: str | None, one: Iterable[str], by: str) -> list[Acceptance]:
    """Why errors are sent: 'REASON' for all that are open, 'CODE=REASON' for those of one check."""
    said = [Acceptance(every, by)] if every is not None else []
    for text in one:
        code, reason = _halves(text, "--accept", "nino=agreed with the key contact")
        said.append(Acceptance(reason, by, code))
    return said


def by_data_set(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """'payroll=layout.yaml' as data set and file."""
    for text in texts:
        yield _halves(text, "--layout", "payroll=layout.yaml")


def by_field(texts: Iterable[str]) -> dict[tuple[str, str], str]:
    """'payroll:Department=the names are plain' as data set and field, and the reason."""
    found = {}
    for text in texts:
        place, reason = _halves(text, "--no-lookup", "payroll:Department=the names are plain")
        data_set, _, field = (part.strip() for part in place.partition(":"))
        if not (data_set and field):
            raise typer.BadParameter(
                f"--no-lookup '{shown(text)}': write data set, field and reason, such as "
                '--no-lookup "payroll:Department=the names are plain"'
            )
        found[data_set, field] = reason
    return found


def ask_for_lookup(data_set: str, field: str) -> GivenLookup | str:
    """Ask a person what the codes of a field mean: a file, or why none is needed."""
    paragraph(
        messages(),
        f"{data_set}: '{field}' holds codes, and each coded field needs a look-up table (published 2012/13).",
    )
    file = str(
        typer.prompt(
            "File of code and meaning (Enter if none is needed)", default="", show_default=False, err=True
        )
    )
    if file.strip():
        return GivenLookup(data_set, field, Path(file.strip()))
    return str(typer.prompt("Why is none needed? It stands in the package", err=True))


def _halves(text: str, option: str, example: str) -> tuple[str, str]:
    """What stands before and after the first equals sign; neither may be blank."""
    before, _, after = (part.strip() for part in text.partition("="))
    if not (before and after):
        raise typer.BadParameter(f"{option} '{shown(text)}': write it so: {option} \"{example}\"")
    return before, after
