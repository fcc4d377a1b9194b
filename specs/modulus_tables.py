"""Pay.UK's tables for modulus checking, which users fetch and supply themselves.

Source: Pay.UK (Vocalink), "Validating account numbers - UK modulus checking", which gives the layout of
the weight table (valacdos.txt: sort code from, sort code to, method, 14 weights and at times the number
of an exception) and of the substitution table (scsubtab.txt: sort code, the one that exception 5 takes
instead). Both are free to download there and change several times a year; nfi ships neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from specs.errors import NfiError

Whole = npt.NDArray[np.int64]
Entry = TypeVar("Entry")

_EXCEPTIONS = range(15)  # 1 to 14 are published, 0 stands for none
_WEIGHT_LINE = re.compile(r"(\d{6})\s+(\d{6})\s+(MOD10|MOD11|DBLAL)((?:\s+-?\d{1,3}){14})(?:\s+(\d{1,2}))?")
_SUBSTITUTION = re.compile(r"(\d{6})\s+(\d{6})")


class ModulusTablesInvalid(NfiError):
    """The tables cannot be used: not there, not in Pay.UK's layout, or newer than this version knows."""


class Method(StrEnum):
    """How the weighted digits are added up, and by what their sum is divided."""

    MOD10 = "MOD10"
    MOD11 = "MOD11"
    DBLAL = "DBLAL"


@dataclass(frozen=True, slots=True)
class WeightLine:
    """One line of the weight table: 14 weights, of six digits of a sort code and eight of an account."""

    first: int
    last: int
    method: Method
    weights: tuple[int, ...]
    exception: int
    """0 where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class ModulusTables:
    """The weight table in the file's order, and where each sort code stands in it.

    `lines_of` has two rows of a million places, one per sort code: the first and the second line of the
    table that hold it, -1 where there is none. `substitutes` has one entry per sort code: itself, or the
    one to take instead. `digest` is the SHA-256 of the files, for the run record.
    """

    weight_lines: tuple[WeightLine, ...]
    lines_of: Whole
    substitutes: Whole
    digest: str

    def __reduce__(self) -> tuple[Callable[..., ModulusTables], tuple[object, ...]]:
        """How they travel to another process: by their lines, a thousandth of their places."""
        differ = np.flatnonzero(self.substitutes != np.arange(len(self.substitutes)))
        instead = zip(differ.tolist(), self.substitutes[differ].tolist(), strict=True)
        return _tables, (self.weight_lines, tuple(instead), self.digest)


def read_modulus_tables(path: Path) -> ModulusTables:
    """The tables from Pay.UK's weight table, or from a folder that holds it as valacdos*.txt.

    The substitution table, scsubtab*.txt, is taken from the same folder where it is there.

    Raises:
        ModulusTablesInvalid: no such file, several in the folder, a line that is not in Pay.UK's layout, an
            exception that this version does not know, a third line for one sort code.
    """
    weight_file, substitution_file = _files(path)
    weights = _read(weight_file, _weight_line)
    substitutions = _read(substitution_file, _substitution) if substitution_file else []
    both = [file.read_bytes() for file in (weight_file, substitution_file) if file]
    return _tables(weights, substitutions, sha256(b"".join(both)).hexdigest(), file=weight_file.name)


def _tables(
    weights: Sequence[WeightLine], substitutions: Iterable[tuple[int, int]], digest: str, *, file: str = ""
) -> ModulusTables:
    substitutes = np.arange(1_000_000, dtype=np.int64)
    for sort_code, instead in substitutions:
        substitutes[sort_code] = instead
    return ModulusTables(tuple(weights), _places(weights, file), substitutes, digest)


def _files(path: Path) -> tuple[Path, Path | None]:
    """The weight table and, where there is one, the substitution table beside it."""
    if not path.exists():
        raise ModulusTablesInvalid(f"{path}: no such file or folder; modulus tables are free from Pay.UK.")
    folder = path if path.is_dir() else path.parent
    found = sorted(folder.iterdir())
    substitution_files = [
        file for file in found if re.fullmatch(r"scsubtab.*\.txt", file.name, re.IGNORECASE)
    ]
    weight_files = [file for file in found if re.fullmatch(r"valacdos.*\.txt", file.name, re.IGNORECASE)]
    if not path.is_dir():
        weight_files = [path]
    for kind, files in (("valacdos*.txt", weight_files), ("scsubtab*.txt", substitution_files)):
        if len(files) > 1:
            raise ModulusTablesInvalid(
                f"{folder}: several files called {kind}; keep the newest and move the others away."
            )
    if not weight_files:
        raise ModulusTablesInvalid(f"{folder}: no file called valacdos*.txt; fetch it from Pay.UK.")
    return weight_files[0], next(iter(substitution_files), None)


def _read(file: Path, entry: Callable[[str], Entry | None]) -> list[Entry]:
    """The entries of a file, one per line; blank lines are passed over."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise ModulusTablesInvalid(
            f"{file.name}: cannot be read as text; fetch it again from Pay.UK."
        ) from fault
    entries = []
    for number, line in enumerate(lines, start=1):
        if not line.strip(" \t\x1a"):  # some copies end with the mark of the end of a file under DOS
            continue
        made = entry(line.strip())
        if made is None:
            raise ModulusTablesInvalid(
                f"{file.name} line {number}: not in Pay.UK's layout, or newer than this version of nfi knows."
            )
        entries.append(made)
    if not entries:
        raise ModulusTablesInvalid(f"{file.name}: nothing in it; fetch it again from Pay.UK.")
    return entries


def _weight_line(line: str) -> WeightLine | None:
    match = _WEIGHT_LINE.fullmatch(line)
    if match is None:
        return None
    first, last, method, weights, exception = match.groups(default="0")
    line_weights = tuple(int(weight) for weight in weights.split())
    one_digit = all(0 <= weight <= 9 for weight in line_weights)
    if int(exception) not in _EXCEPTIONS or int(last) < int(first):
        return None
    if method == Method.DBLAL and not one_digit:  # their products have two digits at most
        return None
    return WeightLine(int(first), int(last), Method(method), line_weights, int(exception))


def _substitution(line: str) -> tuple[int, int] | None:
    match = _SUBSTITUTION.fullmatch(line)
    return (int(match[1]), int(match[2])) if match else None


def _places(weights: Sequence[WeightLine], file: str) -> Whole:
    places = np.full((2, 1_000_000), -1, np.int64)
    for place, line in enumerate(weights):
        held = slice(line.first, line.last + 1)
        taken = places[0, held] >= 0
        if (places[1, held] >= 0).any():
            raise ModulusTablesInvalid(
                f"{file}: three lines for one sort code, {line.first:06}; nfi knows of two at most."
            )
        places[1, held] = np.where(taken, place, -1)
        places[0, held] = np.where(taken, places[0, held], place)
    return places
