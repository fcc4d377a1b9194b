"""What a check was made with, as the manifest keeps it: enough to make it again."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from outputs.one_line import one_line
from outputs.submitted.manifest import MANIFEST, DataSet, ManifestUnreadable
from specs.amounts import MoneyFormat
from specs.data_set import ControlTotals
from specs.specification import first_problem


class ReadingSettings(BaseModel):
    """How an extract was read instead of as detected; see `specs.read.ReadingOptions`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    heading_row: int | None = None
    layout: str | None = None
    """Name of the layout file, which stands in the package; or 'specification'."""
    member: str | None = None


class CheckSettings(BaseModel):
    """The part of `made_from` that decides what a check finds; hashes of its inputs stand beside it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day: date
    expected: ControlTotals | None = None
    money: MoneyFormat | None = None
    correct: bool = False
    reading: ReadingSettings = ReadingSettings()
    modulus_tables: str | None = None
    """SHA-256 of Pay.UK's tables."""
    previous: str | None = None
    """SHA-256 of the records of the earlier exercise."""
    referred_to: dict[str, str] = {}
    """SHA-256 of the records of other data sets."""


def check_settings(data_set: DataSet) -> CheckSettings:
    """The settings of the check of a data set.

    Raises:
        ManifestUnreadable: one is missing or wrong; says which.
    """
    try:
        return CheckSettings.model_validate(data_set.check.made_from)
    except ValidationError as fault:
        raise ManifestUnreadable(
            f"{MANIFEST}: {data_set.name}: nfi:check: made_from: {one_line(first_problem(fault))}. "
            "Ask for the package again."
        ) from None
