"""The passphrase of a submission: read from a file, and strong enough to travel with personal data."""

from __future__ import annotations

import re
from pathlib import Path

from specs.errors import NfiError

MINIMUM_LENGTH = 12
# 7-Zip takes no more than this for AES in ZIP files.
MAXIMUM_LENGTH = 99
MINIMUM_DIFFERENT = 6

_GUESSED_FIRST = frozenset(
    {
        "password",
        "passphrase",
        "secret",
        "letmein",
        "welcome",
        "qwerty",
        "national",
        "fraud",
        "initiative",
        "nfi",
        "payroll",
        "creditors",
        "council",
        "trust",
    }
)

_ADVICE = "Four words chosen at random make a good one."


class PassphraseUnfit(NfiError):
    """A passphrase is missing or too weak. The message never holds any of it."""

    exit_code = 2


def read_passphrase_file(path: Path) -> str:
    """The first line of a text file, without its line end; UTF-8, or UTF-16 as Windows PowerShell writes it.

    Raises:
        PassphraseUnfit: the file is not there, cannot be read, is not text, or its first line is empty.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise PassphraseUnfit(
            f"{path}: no such file. Write the passphrase on its first line, readable by you alone."
        ) from None
    except IsADirectoryError:
        raise PassphraseUnfit(f"{path}: is a folder. Name the file that holds the passphrase.") from None
    except OSError as fault:
        raise PassphraseUnfit(
            f"{path}: cannot be read ({fault.strerror}). Check that you are allowed to open it."
        ) from None
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        # `from None`: the exception carries the file's bytes.
        raise PassphraseUnfit(f"{path}: not a text file. Save the passphrase as plain text.") from None
    first = text.partition("\n")[0].removesuffix("\r")
    if not first:
        raise PassphraseUnfit(f"{path}: its first line is empty. Write the passphrase there.")
    return first


def require_fit_passphrase(passphrase: str, *, body: str = "") -> None:
    """Refuse a passphrase that is weak, or that another program could not type.

    The ZIP format turns a passphrase into a key with only 1,000 rounds of PBKDF2, so that length has to
    do the work; only printable ASCII, since programs disagree on how to encode the rest. Words that
    anyone would try first, the body's name among them, count for nothing. Source: decision 0005.

    Raises:
        PassphraseUnfit: says what is wrong and what to do, without a character of it.
    """
    if len(passphrase) < MINIMUM_LENGTH:
        raise PassphraseUnfit(f"the passphrase is too short: at least {MINIMUM_LENGTH} characters. {_ADVICE}")
    if len(passphrase) > MAXIMUM_LENGTH:
        raise PassphraseUnfit(
            f"the passphrase is too long: 7-Zip takes at most {MAXIMUM_LENGTH} characters. Shorten it."
        )
    if not (passphrase.isascii() and passphrase.isprintable()):
        raise PassphraseUnfit(
            "the passphrase holds a character that ZIP programs write in different ways. "
            "Use unaccented letters, digits, spaces and the signs of a UK keyboard except the pound sign."
        )
    if passphrase != passphrase.strip():
        raise PassphraseUnfit(
            "the passphrase begins or ends with a space, which is easily lost. Take it away."
        )
    if len(set(_left_to_guess(passphrase, body))) < MINIMUM_DIFFERENT:
        raise PassphraseUnfit(
            "the passphrase is easily guessed: leaving out the body's name and words such as 'password', "
            f"fewer than {MINIMUM_DIFFERENT} different characters remain. {_ADVICE}"
        )


def _left_to_guess(passphrase: str, body: str) -> str:
    left = passphrase.casefold()
    body_words = [word for word in re.findall(r"[a-z]+", body.casefold()) if len(word) > 2]
    for word in sorted(_GUESSED_FIRST.union(body_words), key=len, reverse=True):
        left = left.replace(word, "")
    return re.sub(r"[^a-z0-9]", "", left)
