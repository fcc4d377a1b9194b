"""What a published document would change in the catalogue of a workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from nfi.workspace import Workspace
from specs.catalogues import Catalogue
from specs.errors import NfiError
from specs.headings import loosely
from specs.private_files import digest_of, written_whole
from specs.published.documents import read_document
from specs.published.export_of_nfi import is_export_of_nfi
from specs.published.field_list import FieldList, find_field_list
from specs.published.matching_names import column_name
from specs.published.revision import Confirmation, PublishedFile, Revision, revise
from specs.specification import (
    CURRENT_EXERCISE,
    FieldFormat,
    Key,
    Need,
    Severity,
    Source,
    Specification,
    SpecifiedField,
)


class NoFieldsFound(NfiError):
    """A document holds no table of fields, or what it is about cannot be told."""


class NotPublished(NfiError):
    """A document that nfi made itself is named as the published specification."""


class NameUnfit(NfiError):
    """A data set or an exercise cannot be called so."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a document would make of a specification. Nothing is written yet."""

    held: Specification | None
    """What the catalogue holds, carried over from an earlier exercise where it lacks this one; None for a
    data set that it does not know."""
    found: FieldList
    revision: Revision
    target: Path
    """Where the catalogue file would stand."""


def propose(
    document: Path,
    dataset: str,
    *,
    exercise: str,
    folder: Path,
    confirmed_by: str | None = None,
    title: str | None = None,
    day: date,
) -> Proposal:
    """Compare a published document with what the catalogue holds; nothing is written.

    Args:
        document: PDF, web page, workbook or delimited text with a table of fields.
        dataset: the data set that it specifies, such as 'payroll'.
        exercise: the exercise that it is about.
        folder: the workspace.
        confirmed_by: who vouches that it is the published specification; None where nobody does.
        title: what a data set that the catalogue does not know is called.
        day: the day of the comparison.

    Raises:
        DocumentUnreadable: the document cannot be read.
        NameUnfit: the data set or the exercise is not written as the catalogue writes them.
        NotPublished: it was made by nfi, and somebody would vouch for it.
        NoFieldsFound: no table of fields in it; or an unknown data set without a title.
        SpecificationInvalid: what is found makes no specification, or the own catalogue is faulty.
    """
    _refuse_unfit(dataset, exercise)
    catalogue = Workspace(folder).catalogue
    held = _held(catalogue, dataset, exercise)
    known = [field.name for field in held.fields] if held else []
    content = read_document(document)
    if confirmed_by and is_export_of_nfi(content):
        raise NotPublished(
            f"{document.name}: was made by 'nfi specs export', so it cannot confirm what nfi "
            "holds. Name the published document, or leave out --confirmed-by."
        )
    found = find_field_list(content, known)
    if found is None:
        raise NoFieldsFound(
            f"{document.name}: no table of fields found. Copy its table into a CSV file with the headings "
            "No, Field name, Format, Comments, and import that."
        )
    name = " ".join("".join(c if c.isprintable() else " " for c in document.name).split())
    file = PublishedFile(name, digest_of(document))
    if held is None and not title:
        raise NoFieldsFound(
            f"the catalogue knows no data set '{dataset}'. If it is a new one, say what it is called: "
            f'--title "Housing waiting list". Known: {", ".join(catalogue.datasets(_newest(catalogue)))}.'
        )
    columns = {
        loosely(field.name): field.column
        for known_exercise, known in catalogue.entries
        for field in catalogue.load(known, known_exercise).fields
    }
    revision = revise(
        held or _begun(dataset, exercise, title or dataset, found, columns),
        found,
        file,
        Confirmation(" ".join(confirmed_by.split()), day) if confirmed_by else None,
        day=day,
        columns=columns,
    )
    return Proposal(held, found, revision, catalogue.own_place(dataset, exercise))


def keep(proposal: Proposal) -> Path | None:
    """Write a proposal into the body's own catalogue; the copy of the file that stood there, if one did.

    Raises:
        OutputUnwritable: it cannot be written; nothing has changed.
    """
    target, before = proposal.target, None
    if target.exists():
        content = target.read_bytes()
        before = target.with_name(f"{target.name}.before-{sha256(content).hexdigest()[:12]}")
        with written_whole(before) as temporary:
            temporary.write_bytes(content)
    with written_whole(target) as temporary:
        temporary.write_bytes(proposal.revision.yaml)
    return before


def _refuse_unfit(dataset: str, exercise: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", dataset):
        raise NameUnfit(
            f"'{dataset}': name a data set in small letters and hyphens, such as housing-tenants."
        )
    if not re.fullmatch(r"\d{4}-\d{2}", exercise):
        raise NameUnfit(f"'{exercise}': write the exercise as two years, such as {CURRENT_EXERCISE}.")


def _newest(catalogue: Catalogue) -> str:
    return catalogue.exercises()[-1]


def _held(catalogue: Catalogue, dataset: str, exercise: str) -> Specification | None:
    """What the catalogue holds of a data set for an exercise, or else for the one nearest before or after."""
    having = [each for each, known in catalogue.entries if known == dataset]
    if not having:
        return None
    earlier = [each for each in having if each <= exercise]
    nearest = earlier[-1] if earlier else having[0]
    specification = catalogue.load(dataset, nearest)
    if nearest == exercise:
        return specification
    return specification.model_copy(update={"exercise": exercise, "based_on": nearest})


def _begun(
    dataset: str, exercise: str, title: str, found: FieldList, columns: dict[str, str]
) -> Specification:
    """A specification of a data set that the catalogue does not know: its first field, which is its key."""
    first = found.fields[0].name
    column = columns.get(loosely(first)) or column_name(first, ())
    field = SpecifiedField(
        name=first,
        column=column,
        format=FieldFormat.CHARACTER,
        required=Need.NO,
        evidence="not confirmed",
        source="document",
    )
    return Specification(
        dataset=dataset,
        exercise=exercise,
        title=title,
        status="provisional",
        notice="Provisional: nothing was known of this data set.",
        one_record_per="record; what tells one from another is not confirmed",
        key=Key(columns=(column,), severity=Severity.NOTE, evidence="not confirmed"),
        required_evidence="not confirmed",
        sources=(Source(id="document", title="The document that was read"),),
        fields=(field,),
    )
