"""Where the bytes of an extract lie: its file, or a private copy of what was piped in or packed."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from specs.errors import ExtractUnreadable, OutputUnwritable

STANDARD_INPUT = "standard input"
"""What messages call an extract that was piped in."""


class PrivateCopy:
    """A temporary file (mode 0600) in a folder of its own (0700), gone when nobody needs it any more.

    It goes with the last reference to it, and at the latest when the process ends.
    """

    def __init__(self) -> None:
        """An empty copy.

        Raises:
            OutputUnwritable: the temporary folder cannot be written.
        """
        try:
            folder = Path(tempfile.mkdtemp(prefix="nfi-"))  # 0700
        except OSError as fault:
            raise _unwritable(fault) from fault
        self.path = folder / "extract"
        self.sha256 = ""
        self.remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def fill(self, chunks: Iterable[bytes]) -> None:
        """Write all of it. Whatever goes wrong, the copy is removed.

        Raises:
            OutputUnwritable: no space for it.
        """
        digest = sha256()
        try:
            file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            with file:
                for chunk in chunks:
                    digest.update(chunk)
                    try:
                        file.write(chunk)
                    except OSError as fault:
                        raise _unwritable(fault) from fault
        except BaseException:
            self.remove()
            raise
        self.sha256 = digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is read, and what messages call it."""

    path: Path
    """Where the bytes lie."""
    name: str
    """What a person knows it as: 'payroll.csv', 'payroll.csv in april.zip', 'standard input'."""
    copy: PrivateCopy | None = field(default=None, repr=False)
    """The copy that these bytes are, where they are one: it has to live as long as they are read."""


def source_of(path: Path) -> Source:
    """A file as it stands on the disk."""
    return Source(path, path.name)


def piped(chunks: Iterable[bytes]) -> Source:
    """A private copy of standard input.

    Raises:
        OutputUnwritable: no space for it.
    """
    copy = PrivateCopy()
    copy.fill(chunks)
    return Source(copy.path, STANDARD_INPUT, copy)


def refuse_option(source: Source, option: str, value: object, what: str) -> None:
    """Refuse an option that means nothing for this kind of file.

    Raises:
        ExtractUnreadable: `value` is not None.
    """
    if value is not None:
        raise ExtractUnreadable(f"{source.name}: is {what}, so --{option} does not apply. Leave it out.")


def _unwritable(fault: OSError) -> OutputUnwritable:
    return OutputUnwritable(
        f"{tempfile.gettempdir()}: a private copy of the extract cannot be kept here "
        f"({fault.strerror or fault}). Free some space there, or unpack the extract to a file and name that."
    )
