"""The questions of `nfi declare`, asked one by one where somebody is there to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import typer

from nfi.console import messages, paragraph
from outputs.declared.answers import said_in_words
from outputs.declared.declaration import Declaration, DeclarationRefused, with_changes
from outputs.declared.notice import SubmittedField
from outputs.declared.notice_categories import category_of, notice_categories
from outputs.declared.parts import Part, about, parts

_LISTED = "privacy_notice.lists"
_TAKE_AWAY = "-"


def ask_all(
    declaration: Declaration, submitted: Mapping[str, Sequence[SubmittedField]], *, day: date
) -> Declaration:
    """Ask for every part, offering what was said before; an answer that cannot be is asked for again.

    Args:
        declaration: what was said before.
        submitted: by data set, the fields that hold values.
        day: nothing can be dated after it.

    Raises:
        DeclarationRefused: the answers ended before the questions did.
    """
    paragraph(messages(), about())
    paragraph(
        messages(),
        f"Enter keeps what is recorded, or leaves open what is not known; {_TAKE_AWAY} takes it away. "
        "Nothing is written before the last question.",
    )
    for part in parts():
        if _is_needed(part, declaration, submitted):
            declaration = _ask(part, declaration, submitted, day)
    return declaration


def _is_needed(part: Part, declaration: Declaration, submitted: Mapping[str, object]) -> bool:
    datasets = {*declaration.data_sets, *submitted}
    return not part.datasets or not datasets or bool(datasets.intersection(part.datasets))


def _ask(
    part: Part, declaration: Declaration, submitted: Mapping[str, Sequence[SubmittedField]], day: date
) -> Declaration:
    if part.key == _LISTED:
        _show_categories(submitted)
    before = said_in_words(declaration.said(part.key))
    label = f" [{part.evidence}]" if part.evidence else ""
    label += f" (recorded: {before})" if before else ""
    while True:
        try:
            answer = typer.prompt(
                f"{part.asks or part.title}{label}", default=before, show_default=False, err=True
            )
        except typer.Abort:
            raise DeclarationRefused("the answers ended early, and nothing was recorded.") from None
        given = "" if answer.strip() == _TAKE_AWAY else answer
        if part.key == _LISTED:
            given = _names(given)
        try:
            return with_changes(declaration, {part.key: given}, day=day)
        except DeclarationRefused as fault:
            paragraph(messages(), str(fault).removeprefix(f"{part.option}: "), indent=2)


def _show_categories(submitted: Mapping[str, Sequence[SubmittedField]]) -> None:
    """The kinds of data with their numbers; a star at those that the data checked so far hold."""
    found = (category_of(dataset, field.column) for dataset, fields in submitted.items() for field in fields)
    held = {each.name for each in found if each}
    for number, each in enumerate(notice_categories(), start=1):
        messages().print(f"  {number:2} {'*' if each.name in held else ' '} {each.name}")
    if submitted:
        messages().print("  * held in what has been checked so far")


def _names(answer: str) -> str:
    """An answer with the names of the categories instead of their numbers."""
    known = {str(number): each.name for number, each in enumerate(notice_categories(), start=1)}
    return ", ".join(known.get(word.strip(), word.strip()) for word in answer.split(","))
