"""Declarations: kept in the workspace, and compared with what is about to be submitted.

What nfi keeps is a record. The declaration itself is made in the NFI web application, by the key contact.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from nfi.run_record import write_run_record
from nfi.workspace import NothingChecked, Workspace
from outputs.declared.concerns import concerns, missing
from outputs.declared.declaration import Declaration, read_declaration
from outputs.declared.file import write_declaration
from outputs.declared.notice import NotCovered, SubmittedField, not_covered
from specs.catalogues import Catalogue
from specs.check_record import CheckRecord
from specs.errors import NfiError
from specs.headings import nearest
from specs.private_files import digest_of
from specs.specification import Specification, SpecifiedField

FILE = "declaration.yaml"


class NothingDeclared(NfiError):
    """No declaration is recorded in the workspace."""


def declaration_path(workspace: Workspace) -> Path:
    """Where the declaration of a workspace stands, or would stand."""
    return workspace.folder / FILE


def load_declaration(workspace: Workspace) -> Declaration | None:
    """The declaration that is recorded in a workspace; None where none is.

    Raises:
        DeclarationInvalid: it was edited, and cannot be read any more; names line and key.
    """
    path = declaration_path(workspace)
    return read_declaration(path) if path.exists() else None


def record_declaration(workspace: Workspace, declaration: Declaration, *, at: datetime) -> Path:
    """Write the declaration into the workspace, with a run record and a line in the trail.

    The record holds its SHA-256 and no name.

    Raises:
        OutputUnwritable: it cannot be written.
    """
    path = declaration_path(workspace)
    write_declaration(path, declaration)
    write_run_record(
        workspace,
        "declare",
        made_from={
            "declaration_sha256": digest_of(path),
            "exercise": declaration.exercise,
            "roles_combined": declaration.roles_combined,
            "missing": [part.key for part in missing(declaration)],
        },
        outputs=[path],
        at=at,
    )
    return path


def filled_fields(specification: Specification, record: CheckRecord) -> tuple[SpecifiedField, ...]:
    """The fields of which an extract holds at least one value, in the specification's order."""
    filled = {profile.field for profile in record.profile if profile.filled}
    return tuple(field for field in specification.fields if field.name in filled)


def submitted_fields(workspace: Workspace) -> dict[str, tuple[SpecifiedField, ...]]:
    """The fields that hold values, by data set, of all that has been checked in a workspace.

    Raises:
        NothingChecked, RecordsChanged, CatalogueChanged: as `Workspace.records` and `specification_of`.
    """
    return {
        dataset: filled_fields(workspace.specification_of(record), record)
        for dataset, record in workspace.records().items()
    }


@dataclass(frozen=True, slots=True)
class Review:
    """What a person should look at in a declaration, given what has been checked in its workspace."""

    warnings: tuple[str, ...]
    uncovered: tuple[NotCovered, ...]
    """Fields that the notice does not list."""
    submitted: Mapping[str, Sequence[SpecifiedField]]
    """What it was compared with: by data set, the fields that hold values."""
    not_compared: str | None
    """Why there was nothing to compare with."""


def review(workspace: Workspace, declaration: Declaration, *, day: date) -> Review:
    """Compare a declaration with what has been checked so far. Nothing is refused and nothing is written."""
    submitted: Mapping[str, Sequence[SpecifiedField]] = {}
    exercise, reason = declaration.exercise, None
    try:
        records = workspace.records()
        submitted = submitted_fields(workspace)
        others = sorted({record.exercise for record in records.values()} - {exercise})
        exercise = others[0] if others else exercise
    except NothingChecked:
        reason = "Nothing has been checked here yet, so the notice was compared with no data."
    except NfiError as fault:
        reason = f"The notice was compared with no data: {fault}"
    return Review(
        declaration_warnings(declaration, submitted, exercise, day, folder=workspace.folder),
        not_covered(declaration, submitted),
        submitted,
        reason,
    )


def declaration_warnings(
    declaration: Declaration | None,
    submitted: Mapping[str, Sequence[SubmittedField]],
    exercise: str,
    day: date | None = None,
    *,
    folder: Path | None = None,
) -> tuple[str, ...]:
    """What a person should look at before data are submitted, each in a sentence or two.

    Args:
        declaration: what is recorded; None: nothing is.
        submitted: by data set, the fields that hold at least one value, in the specification's order.
        exercise: of the data.
        day: what is dated after it lies in the future; None: not looked at.
        folder: the workspace, for the command that is named; None: it stays out, as in what others read.
    """
    if declaration is None:
        return (
            "Nothing is recorded of what the key contact will declare in the NFI web application before the "
            f"upload: privacy notice, security policy, data sets expected [published 2026/27]. "
            f"Record it: {_command(folder)}",
        )
    return (
        *_missing(declaration, submitted, folder),
        *concerns(declaration, exercise=exercise, day=day),
        *_about_data_sets(declaration, submitted),
        *notice_warnings(not_covered(declaration, submitted)),
    )


def _command(folder: Path | None) -> str:
    return "nfi declare" if folder is None else f"nfi declare {shlex.quote(str(folder))}"


def _missing(declaration: Declaration, submitted: Mapping[str, object], folder: Path | None) -> Iterator[str]:
    if parts := missing(declaration, submitted):
        names = "; ".join(part.missed for part in parts)
        yield f"Not recorded yet: {names}. Add it: {_command(folder)}"


def _about_data_sets(declaration: Declaration, submitted: Mapping[str, object]) -> Iterator[str]:
    expected = declaration.data_sets
    known = sorted({dataset for _, dataset in Catalogue.of().entries} | {*submitted})
    meant = {name: near for name in expected if name not in known and (near := nearest(name, known))}
    for name, near in meant.items():
        yield f"The data set '{name}' is expected, and none is called that; did you mean '{near}'?"
    absent = [name for name in expected if name not in submitted and name not in meant]
    if submitted and absent:
        yield (
            f"Expected, and not among the data sets checked here: {', '.join(absent)}. "
            "The key contact confirms which are expected [published 2026/27]."
        )
    more = [name for name in submitted if name not in expected and name not in meant.values()]
    if expected and more:
        yield (
            f"Checked here, and not among the data sets expected: {', '.join(more)}. "
            "The key contact confirms which are expected [published 2026/27]."
        )


def notice_warnings(uncovered: Sequence[NotCovered]) -> Iterator[str]:
    """A sentence for each kind of data that the notice does not list, and one on what to do about them."""
    for each in uncovered:
        names = _in_a_row(each.fields)
        if each.category is None:
            yield (
                f"{each.dataset}: nfi does not know what {names} {_verb(each, 'is', 'are')} about: "
                "look yourself whether the privacy notice covers it."
            )
        else:
            yield (
                f"{each.dataset}: {names} {_verb(each, 'holds', 'hold')} values, and the privacy notice "
                f"does not list '{each.category.name}'."
            )
    if any(each.category for each in uncovered):
        yield (
            "See whether the notice covers these fields in other words. If not, renew it and tell people "
            "before the fields are submitted [published 2012/13]."
        )


def _verb(each: NotCovered, one: str, several: str) -> str:
    return one if len(each.fields) == 1 else several


def _in_a_row(names: Sequence[str]) -> str:
    """'Surname', 'Surname and Title', 'Surname, Title and Sex'."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
