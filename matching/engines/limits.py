"""How much memory and disk the embedded engine may take; and, in words, that it was not enough."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

from specs.errors import NfiError, OutputUnwritable

SHARE_OF_MEMORY = 0.5
"""Of what the machine or its container has. Arrow tables need the rest: the engine does not count them."""
LEAST_MEMORY = 100_000_000
"""Bytes below which even a small extract cannot be worked on."""
SHARE_OF_DISK = 0.8
"""Of what is free: what does not fit into memory must leave room for working files and results."""

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_MEMORY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*", re.IGNORECASE | re.ASCII)
_NO_SPACE = ("no space left", "not enough space", "quota exceeded", "[errno 28]", '"errno":"28"')


class MemoryInvalid(NfiError):
    """A limit that is no amount of memory, or that this machine cannot keep."""

    exit_code = 2


class MemoryShort(NfiError):
    """A step needs more memory than it may have."""


class DiskShort(OutputUnwritable):
    """A step needs more of the disk than is free."""


def memory_of(text: str) -> int:
    """The bytes of an amount such as '4GB', '500 MB' or '3.5GiB'.

    Raises:
        MemoryInvalid: it is none, too little to work with, or more than the machine has.
    """
    found = _MEMORY.fullmatch(text)
    if not found:
        raise MemoryInvalid(f"memory '{text}': not an amount of memory. Write a number and a unit: 4GB.")
    amount = round(float(found[1]) * _UNITS[found[2].upper()])
    if amount < LEAST_MEMORY:
        raise MemoryInvalid(f"memory '{text}': too little to work with. Allow {sized(LEAST_MEMORY)} or more.")
    if amount > (machine := machine_memory()):
        raise MemoryInvalid(
            f"memory '{text}': more than the {sized(machine)} of this machine. "
            f"Allow less, or leave it out: then it is half of them."
        )
    return amount


@cache
def machine_memory() -> int:
    """The memory of this machine, or of the container that nfi runs in, in bytes."""
    import duckdb  # noqa: PLC0415 (it takes long to load, and is loaded by whoever runs it)

    with duckdb.connect(":memory:", config={"memory_limit": "100%"}) as connection:
        (said,) = connection.execute("select current_setting('memory_limit')").fetchall()[0]
    found = _MEMORY.fullmatch(said)
    return round(float(found[1]) * _UNITS[found[2].upper()]) if found else 0


def free_on_disk(folder: Path) -> int:
    """The bytes that are free where a folder is, or will be."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return shutil.disk_usage(there).free


def memory_short(allowed: int) -> MemoryShort:
    """Of a step that needs more than `allowed` bytes of memory, what to do."""
    machine = machine_memory()
    more = min(2 * allowed, round(machine * 0.9))
    advice = "Use a machine with more memory."
    if more > allowed:
        advice = f"Close other programs and allow more: --memory {_in_option(more)}."
    return MemoryShort(
        f"not enough memory for this step: {sized(allowed)} were allowed, of the {sized(machine)} of this "
        f"machine. {advice}"
    )


def disk_short(folder: Path, allowed: int | None = None) -> DiskShort:
    """Of a step whose working files do not fit on the disk, what to do.

    Args:
        folder: where they are.
        allowed: the bytes that they may take; None: the disk itself is full.
    """
    free = sized(free_on_disk(folder))
    why = f"{free} are free"
    if allowed is not None:
        why = f"they may take {sized(allowed)}, and {free} are free"
    return DiskShort(
        f"{folder.parent}: not enough disk for the working files of this step ({why}). "
        "Free some space there, or work in a folder on a larger disk."
    )


def enough_disk(folder: Path, needed: int) -> None:
    """Look, before a long run, whether its working files will fit on the disk.

    Raises:
        DiskShort: they will not; says how much to free.
    """
    free = free_on_disk(folder)
    if free < needed:
        raise DiskShort(
            f"{folder}: too little disk. Working files will take about {sized(needed)}, and {sized(free)} "
            f"are free. Free {sized(needed - free)} there, or work in a folder on a larger disk."
        )


def is_disk_full(fault: BaseException) -> bool:
    """Whether an error of the system or of a library says that the disk is full."""
    said = str(fault).casefold()
    return any(words in said for words in _NO_SPACE)


def sized(amount: int) -> str:
    """Bytes as people say them: '3.5 GB', '120 MB'."""
    unit = "GB" if amount >= 10**9 else "MB"
    figure = f"{amount / _UNITS[unit]:.1f}".removesuffix(".0") if unit == "GB" else f"{amount // 10**6}"
    return f"{figure} {unit}"


def _in_option(amount: int) -> str:
    return f"{max(amount // 10**9, 1)}GB" if amount >= 2 * 10**9 else f"{amount // 10**6}MB"
