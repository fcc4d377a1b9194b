"""Keys for age: whom a package is encrypted for (recipients), and who opens it (identities)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from outputs.sealed.small_files import read_small_file
from specs.errors import NfiError

_FILE_AT_MOST = 1 << 20  # bytes; a file of keys is far smaller, and a wrong file may be huge
_SECRET = ("AGE-SECRET-KEY-", "AGE-PLUGIN-", "-----BEGIN")


class AgeKeyUnusable(NfiError):
    """A recipient or an identity is not one that age knows. The message never holds a secret key."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a package is encrypted for: any one of them opens it."""

    keys: tuple[str, ...]
    """Public keys, as given and each once, without comments."""
    made: tuple[Any, ...] = field(repr=False)
    """The same, as age wants them."""


@dataclass(frozen=True, slots=True)
class Identities:
    """Secret keys, any of which may open a package."""

    made: tuple[Any, ...] = field(repr=False)


def read_recipients(keys: Sequence[str], files: Sequence[Path] = ()) -> Recipients:
    """Public keys from the command line and from files, one a line, with `#` before comments.

    Takes age's own keys (age1…) and the SSH keys that age takes (ssh-ed25519, ssh-rsa).

    Raises:
        AgeKeyUnusable: not such a key, a secret key, none at all, or an unreadable file.
    """
    found = [(f"age recipient {number}", key.strip()) for number, key in enumerate(keys, start=1)]
    for file in files:
        found += [(f"{file}, line {number}", line) for number, line in _lines(file, _content(file))]
    if not found:
        raise AgeKeyUnusable("no age recipient is given. Ask the receiver for one: it begins with age1.")
    made = {_without_comment(key): _recipient(where, key) for where, key in found}
    return Recipients(tuple(made), tuple(made.values()))


def read_identities(path: Path) -> Identities:
    """Secret keys of a file: age's own, one a line, or one OpenSSH private key without passphrase.

    Raises:
        AgeKeyUnusable: unreadable, no such key in it, or a key under a passphrase.
    """
    content = _content(path)
    lines = _lines(path, content)
    if any(line.startswith("-----BEGIN") for _, line in lines):
        return Identities((_ssh_identity(path, content),))
    made = []
    for number, line in lines:
        try:
            made.append(pyrage.x25519.Identity.from_str(line))
        except pyrage.IdentityError:
            raise AgeKeyUnusable(
                f"{path}, line {number}: not a secret key of age. It begins with AGE-SECRET-KEY-1."
            ) from None
    if not made:
        raise AgeKeyUnusable(f"{path}: holds no key. Name the file that age-keygen wrote.")
    return Identities(tuple(made))


def _recipient(where: str, key: str) -> Any:
    if key.upper().startswith(_SECRET):
        raise AgeKeyUnusable(
            f"{where}: is a secret key, which must stay with its owner. "
            "Give the public one: it begins with age1."
        )
    try:
        if key.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(key)
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise AgeKeyUnusable(
            f"{where}: not a key that age encrypts for. It begins with age1, ssh-ed25519 or ssh-rsa."
        ) from None


def _without_comment(key: str) -> str:
    """Kind and key of an SSH line, without the owner's name behind it."""
    return " ".join(key.split()[:2])


def _ssh_identity(path: Path, content: bytes) -> Any:
    try:
        return pyrage.ssh.Identity.from_buffer(content)
    except pyrage.IdentityError:
        raise AgeKeyUnusable(
            f"{path}: not an Ed25519 or RSA key that can be read, or under a passphrase. "
            "Take the passphrase off a copy: ssh-keygen -p"
        ) from None


def _content(path: Path) -> bytes:
    advice = "Name the file that holds the keys."
    return read_small_file(path, AgeKeyUnusable, at_most=_FILE_AT_MOST, missing=advice, name=advice)


def _lines(path: Path, content: bytes) -> list[tuple[int, str]]:
    """Lines that hold something other than a comment, with their numbers."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AgeKeyUnusable(f"{path}: not a text file. Name the file that holds the keys.") from None
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]
