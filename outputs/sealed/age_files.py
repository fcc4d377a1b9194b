"""age, from stream to stream: a fault of the disk comes out as itself, where age would make a text of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyrage

from outputs.sealed.age_keys import Identities, Recipients


class Reading(Protocol):
    """What age reads from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        ...


class Writing(Protocol):
    """What age writes to."""

    def write(self, content: bytes, /) -> int:
        """Take all of the content."""
        ...


class OtherKey(Exception):
    """The age file is encrypted for other keys than those given."""


class NotAge(Exception):
    """The file is not an age file, or not as it was made."""


def encrypt_stream(plain: Reading, sealed: Writing, recipients: Recipients) -> None:
    """Read to the end and write the age file; memory stays bounded.

    Raises:
        Exception: whatever reading or writing raises, as it is.
    """
    _carried(plain, sealed, lambda source, target: pyrage.encrypt_io(source, target, [*recipients.made]))


def decrypt_stream(sealed: Reading, plain: Writing, identities: Identities) -> None:
    """Write what the age file holds. None of it may be used before this has returned.

    Raises:
        OtherKey: none of the identities opens it.
        NotAge: damaged, cut short, or no age file.
        Exception: whatever reading or writing raises, as it is.
    """
    try:
        _carried(sealed, plain, lambda source, target: pyrage.decrypt_io(source, target, [*identities.made]))
    except pyrage.DecryptError as fault:
        raise (OtherKey if str(fault) == "No matching keys found" else NotAge) from None
    except OSError as fault:
        if fault.errno is not None:  # a disk's; age's own faults have no number
            raise
        raise NotAge from None


def _carried(source: Reading, target: Writing, carry: Callable[[_Kept, _Kept], None]) -> None:
    reading, writing = _Kept(source.read), _Kept(target.write)
    try:
        carry(reading, writing)
    except Exception:
        for kept in (reading, writing):
            if kept.fault:
                raise kept.fault from None
        raise


class _Kept:
    """One end of the stream, which keeps the fault that stopped it."""

    def __init__(self, move: Callable[..., bytes] | Callable[..., int]) -> None:
        self._move = move
        self.fault: BaseException | None = None

    def __call__(self, what: int | bytes) -> bytes | int:
        try:
            return self._move(what)
        except BaseException as fault:
            self.fault = fault
            raise

    read = write = __call__

    def flush(self) -> None:
        """Nothing is held back here."""
