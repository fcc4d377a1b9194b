"""Keys and passphrases: files that a person names, and of which a wrong one may be huge or a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from specs.errors import NfiError


def read_small_file(
    path: Path, unusable: Callable[[str], NfiError], *, at_most: int, missing: str, name: str
) -> bytes:
    """All that a file holds.

    Args:
        path: the file.
        unusable: makes the error of a message.
        at_most: bytes; such a file is far smaller.
        missing: what to do where there is no such file.
        name: the same where it is a folder, or too large.

    Raises:
        NfiError: as `unusable` makes it: not there, a folder, unreadable, or too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(at_most + 1)
    except FileNotFoundError:
        raise unusable(f"{path}: no such file. {missing}") from None
    except OSError as fault:
        if isinstance(fault, IsADirectoryError) or path.is_dir():  # Windows: no permission
            raise unusable(f"{path}: is a folder. {name}") from None
        raise unusable(
            f"{path}: cannot be read ({fault.strerror}). Check that you are allowed to open it."
        ) from None
    if len(content) > at_most:
        raise unusable(f"{path}: has more than {at_most:,} bytes, so it is another file. {name}")
    return content
