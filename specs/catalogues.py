"""The specifications at hand: those that come with nfi, and those of the body's own, which take precedence.

Both are folders laid out as `<exercise>/<dataset>.yaml`, such as `2026-27/payroll.yaml`.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path

from specs.checks import FIELD_CHECKS, ODD_TEXT, RECORD_CHECKS
from specs.errors import SpecificationInvalid, SpecificationNotFound
from specs.plain_yaml import Place, read_plain_yaml
from specs.specification import CURRENT_EXERCISE, Specification, read_specification

CATALOGUE = Path(__file__).parent / "catalogue"
"""The specifications that come with nfi."""


class Origin(StrEnum):
    """Whose specification it is."""

    NFI = "nfi"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a catalogue."""

    path: Path
    origin: Origin


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Specifications by exercise and data set. Make one with `of`, which looks at the folders once."""

    entries: Mapping[tuple[str, str], Entry]
    """By exercise and data set, in that order."""
    own: Path | None = None
    """The folder of the body's own catalogue, whether it exists or not."""

    @classmethod
    def of(cls, own: Path | None = None) -> Catalogue:
        """The catalogue of nfi, each of its files replaced by the body's own where that has one.

        Args:
            own: the body's own catalogue; a folder that does not exist holds nothing.

        Raises:
            SpecificationInvalid: a YAML file in the own catalogue stands where it would never be read.
        """
        entries = _entries(CATALOGUE, Origin.NFI)
        if own is not None:
            entries |= _entries(own, Origin.OWN)
        return cls(dict(sorted(entries.items())), own)

    def exercises(self) -> list[str]:
        """The exercises, oldest first."""
        return sorted({exercise for exercise, _ in self.entries})

    def datasets(self, exercise: str) -> list[str]:
        """The data sets of an exercise, in alphabetical order.

        Raises:
            SpecificationNotFound: there is no such exercise; the nearest name is offered.
        """
        if exercise not in self.exercises():
            raise SpecificationNotFound(_unknown("exercise", exercise, self.exercises()))
        return [dataset for of, dataset in self.entries if of == exercise]

    def entry(self, dataset: str, exercise: str = CURRENT_EXERCISE) -> Entry:
        """Where the specification of one data set in one exercise stands, and whose it is.

        Raises:
            SpecificationNotFound: there is no such exercise or data set; the nearest name is offered.
        """
        known = self.datasets(exercise)
        if dataset not in known:
            raise SpecificationNotFound(_unknown("data set", dataset, known))
        return self.entries[exercise, dataset]

    def origin(self, dataset: str, exercise: str = CURRENT_EXERCISE) -> Origin:
        """Whose specification of one data set in one exercise counts.

        Raises:
            SpecificationNotFound: as for `entry`.
        """
        return self.entry(dataset, exercise).origin

    def own_place(self, dataset: str, exercise: str) -> Path:
        """Where the body's own specification stands, or would stand.

        Raises:
            ValueError: this catalogue was made without a folder of the body's own.
        """
        if self.own is None:
            raise ValueError("no folder of the body's own")
        return self.own / exercise / f"{dataset}.yaml"

    def load(self, dataset: str, exercise: str = CURRENT_EXERCISE) -> Specification:
        """The specification of one data set in one exercise.

        Raises:
            SpecificationNotFound: as for `entry`.
            SpecificationInvalid: its file does not follow the model, says that it is another one, or names a
                check that does not exist.
        """
        entry = self.entry(dataset, exercise)
        path = entry.path
        specification = read_specification(path, trusted=entry.origin is Origin.NFI)
        for key, stated, expected in (
            ("dataset", specification.dataset, dataset),
            ("exercise", specification.exercise, exercise),
        ):
            if stated != expected:
                raise SpecificationInvalid(
                    f"{path}: {key}: says {stated}, but the file stands as {exercise}/{dataset}.yaml. "
                    "Correct the entry, or move the file."
                )
        _refuse_unfit_checks(specification, path)
        return specification

    def content(self, specification: Specification) -> bytes:
        """The file that a specification was read from, as it stands there.

        Raises:
            SpecificationNotFound: as for `entry`.
            SpecificationInvalid: it has changed since.
        """
        path = self.entry(specification.dataset, specification.exercise).path
        content = path.read_bytes()
        if sha256(content).hexdigest() != specification.digest:
            raise SpecificationInvalid(f"{path}: has changed since it was read. Give the command again.")
        return content


def exercises() -> list[str]:
    """The exercises in nfi's own catalogue, oldest first."""
    return Catalogue.of().exercises()


def datasets(exercise: str) -> list[str]:
    """The data sets that nfi's own catalogue holds for an exercise, in alphabetical order.

    Raises:
        SpecificationNotFound: as for `Catalogue.datasets`.
    """
    return Catalogue.of().datasets(exercise)


@cache
def load_specification(dataset: str, exercise: str = CURRENT_EXERCISE) -> Specification:
    """The specification of one data set in one exercise, from nfi's own catalogue.

    Raises:
        SpecificationNotFound: as for `Catalogue.load`.
        SpecificationInvalid: as for `Catalogue.load`.
    """
    return Catalogue.of().load(dataset, exercise)


def _entries(folder: Path, origin: Origin) -> dict[tuple[str, str], Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for path in sorted(folder.rglob("*.y*ml")):
        place = path.relative_to(folder)
        if any(part.startswith(".") for part in place.parts) or not path.is_file():
            continue
        if len(place.parts) != len(("exercise", "dataset")) or path.suffix != ".yaml":
            raise SpecificationInvalid(
                f"{path}: would never be read. Specifications stand in a folder for each exercise, "
                f"as {folder / CURRENT_EXERCISE / 'payroll.yaml'}. Rename or move the file."
            )
        found[place.parts[0], path.stem] = Entry(path, origin)
    return found


def _refuse_unfit_checks(specification: Specification, path: Path) -> None:
    for place, fault in _unfit_checks(specification):
        _, lines = read_plain_yaml(path.read_bytes())
        where = ".".join(map(str, place))
        raise SpecificationInvalid(f"{path}: line {lines[place]}: {where}: {fault}")


def _unfit_checks(specification: Specification) -> Iterator[tuple[Place, str]]:
    """Where a specification names a check that does not exist or does not suit, and what is wrong with it."""
    of_any_text = {check.code for check in ODD_TEXT.checks}
    for at, field in enumerate(specification.fields):
        for number, use in enumerate(field.checks):
            faults = [check.misfit(use) for check in FIELD_CHECKS.get(use.name, ())]
            unknown = _no_check(use.name, FIELD_CHECKS)
            if fault := unknown or next(filter(None, faults), None):
                yield ("fields", at, "checks", number), fault
        for number, code in enumerate(field.exempt_from):
            if fault := _no_check(code, of_any_text):
                yield ("fields", at, "exempt_from", number), fault
    for at, rule in enumerate(specification.record_checks):
        if fault := _no_check(rule.check, RECORD_CHECKS):
            yield ("record_checks", at, "check"), fault


def _no_check(name: str, known: Collection[str]) -> str | None:
    if name in known:
        return None
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "."
    return f"no check called '{name}'{hint} Known: {', '.join(sorted(known))}."


def _unknown(kind: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "."
    return f"no {kind} called '{name}'{hint} Known: {', '.join(known)}. List them: nfi specs list"
