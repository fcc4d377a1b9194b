"""What is about to be submitted, against what the privacy notice lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from outputs.declared.declaration import Declaration
from outputs.declared.notice_categories import NoticeCategory, category_of, not_about_a_person


class SubmittedField(Protocol):
    """A field that holds values; a `SpecifiedField` is one."""

    @property
    def name(self) -> str:
        """As published."""

    @property
    def column(self) -> str:
        """In typed records."""


@dataclass(frozen=True, slots=True)
class NotCovered:
    """Fields of one data set, all of one kind, that the notice does not list."""

    dataset: str
    fields: tuple[str, ...]
    """Published names."""
    category: NoticeCategory | None
    """What they are about; None: nfi does not know, and a person has to look."""


def not_covered(
    declaration: Declaration, submitted: Mapping[str, Sequence[SubmittedField]]
) -> tuple[NotCovered, ...]:
    """What is submitted and not listed, by data set, then in the order of the fields.

    Nothing where the notice lists everything, or where nobody said what it lists: that is a concern of its
    own (`outputs.declared.concerns`).

    Args:
        declaration: says what the notice lists.
        submitted: by data set, the fields that hold at least one value, in the specification's order.
    """
    listed = declaration.privacy_notice.lists
    if listed is None or listed == "all":
        return ()
    found: dict[tuple[str, str], NotCovered] = {}
    for dataset, fields in submitted.items():
        for field in fields:
            category = category_of(dataset, field.column)
            if field.column in not_about_a_person() or (category and category.name in listed):
                continue
            place = (dataset, category.name if category else "")
            known = found.get(place)
            names = (*known.fields, field.name) if known else (field.name,)
            found[place] = NotCovered(dataset, names, category)
    return tuple(found.values())
