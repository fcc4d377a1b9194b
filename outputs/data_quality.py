"""Data quality: of the values that should be there, how many are there and pass, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from specs.check_record import CheckRecord, FieldProfile
from specs.specification import Need, Specification

HOW_IT_IS_COUNTED = (
    ("Complete", "records that have a value, of all records"),
    (
        "Valid",
        "values without an error or a warning of their own, of the values that there are; what only shows "
        "in comparison with other records, such as a reference used twice, is not counted here",
    ),
    ("Distinct", "different values, of the values that there are: all, if none occurs twice"),
    (
        "Score",
        "values that are there and valid, of those that should be there: one in every record where the "
        "specification asks for the field, otherwise those that there are",
    ),
)
"""How each figure comes about; stands beside the figures wherever they are shown."""

_ABOUT = (
    "All are rounded down, so that 100\u00a0% means all. The score is this tool's own arithmetic, for use in "
    "your own team; no one else has set it, and no threshold for it is known."
)
_ESTIMATED = " With so many records, different values are estimated, to within a few per cent."

ASKED_FOR = {Need.ERROR: "yes", Need.WARNING: "expected", Need.NO: "if known"}
"""Whether a field must be filled, in words."""

_STEPS = 1_000  # shares are told in tenths of a per cent


@dataclass(frozen=True, slots=True)
class FieldQuality:
    """One field of the specification in one extract. Shares are 0 to 1, or None where of nothing."""

    field: str
    need: Need
    rows: int
    profile: FieldProfile | None
    """None: the extract has no column for it."""
    not_held: bool = False
    """The source system has not got it, as the mapping says."""

    @property
    def filled(self) -> int:
        """Records with a value."""
        return self.profile.filled if self.profile else 0

    @property
    def valid(self) -> int:
        """Values without an error or a warning."""
        return self.profile.valid if self.profile else 0

    @property
    def expected(self) -> int:
        """How many values should be there."""
        return self.filled if self.need is Need.NO else self.rows

    @property
    def complete_share(self) -> float | None:
        """Of all records, those that have a value."""
        return share(self.filled, self.rows)

    @property
    def valid_share(self) -> float | None:
        """Of the values that there are, those without an error or a warning."""
        return share(self.valid, self.filled)

    @property
    def distinct_share(self) -> float | None:
        """Of the values that there are, how many differ from each other."""
        return share(self.profile.distinct, self.filled) if self.profile else None

    @property
    def score(self) -> float | None:
        """Of the values that should be there, those that are there and valid."""
        return share(self.valid, self.expected)

    def in_words(self) -> str:
        """'7 missing, 3 not valid'; 'all there and valid'."""
        if self.profile is None:
            return "not held, as the mapping says" if self.not_held else "no column in the extract"
        missing, faulty = self.expected - self.filled, self.filled - self.valid
        if not self.filled:
            return "empty in every record" if self.rows else "no records"
        parts = [f"{missing:,} missing"] * bool(missing) + [f"{faulty:,} not valid"] * bool(faulty)
        return ", ".join(parts) or ("all valid" if self.need is Need.NO else "all there and valid")


@dataclass(frozen=True, slots=True)
class FileQuality:
    """All fields of the specification in one extract, in its order."""

    fields: tuple[FieldQuality, ...]

    @property
    def expected(self) -> int:
        """How many values should be there."""
        return sum(field.expected for field in self.fields)

    @property
    def valid(self) -> int:
        """How many of them are there, without an error or a warning."""
        return sum(field.valid for field in self.fields)

    def about_the_figures(self) -> str:
        """What the figures are not."""
        estimated = any(field.profile and not field.profile.distinct_is_exact for field in self.fields)
        return f"{_ABOUT}{_ESTIMATED if estimated else ''}"

    def in_words(self) -> str:
        """The score of the file in one sentence, with what it was made from."""
        whole = share(self.valid, self.expected)
        if whole is None:
            return "Data quality cannot be told: there are no values."
        return (
            f"Data quality: {percent(whole)}. Of the {self.expected:,} values that should be there, "
            f"{self.valid:,} are there without an error or a warning."
        )


def data_quality(record: CheckRecord, specification: Specification) -> FileQuality:
    """What the check measured, field by field, with the fields that the extract has not got."""
    profiles = {profile.field: profile for profile in record.profile}
    return FileQuality(
        tuple(
            FieldQuality(
                field=field.name,
                need=field.required,
                rows=record.rows,
                profile=profiles.get(field.name),
                not_held=field.name in record.columns_not_held,
            )
            for field in specification.fields
        )
    )


def share(part: int, whole: int) -> float | None:
    """A part of a whole, 0 to 1, rounded down to a tenth of a per cent; None of nothing."""
    return part * _STEPS // whole / _STEPS if whole else None


def percent(part: float | None) -> str:
    """'99.9 %', on one line; a dash of nothing."""
    return "–" if part is None else f"{part:.1%}".replace("%", "\u00a0%")
