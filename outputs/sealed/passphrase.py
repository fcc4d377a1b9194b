"""The passphrase of a submission: where it comes from, and whether it is fit to travel with personal data."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zxcvbn import zxcvbn

from outputs.sealed.small_files import read_small_file
from specs.errors import NfiError

VARIABLE = "NFI_PASSPHRASE"
# 10^14 guesses: four months of one graphics card that makes ten million a second. Source: decision 0005.
MINIMUM_GUESSES = 10**14
# A text that follows no pattern at all counts ten guesses a character, so that fewer never suffice.
MINIMUM_LENGTH = round(math.log10(MINIMUM_GUESSES))
# 7-Zip takes no more than this for AES in ZIP files.
MAXIMUM_LENGTH = 99

_FILE_AT_MOST = 1 << 16  # bytes; a passphrase has a hundred, and a wrong file may be huge
_ZXCVBN_READS = 72  # characters; beyond them its search takes seconds

_GUESSED_FIRST = (
    *("nfi", "national", "fraud", "initiative", "nationalfraudinitiative"),
    *("payroll", "creditors", "submission", "package", "council", "trust"),
)

_ADVICE = "Four words chosen at random make a good one."

# Read out on the telephone, none of these is taken for another: no i, l, o, 0 or 1.
_SPOKEN_PLAINLY = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 7, 3  # 21 draws of 31: 104 bits


class PassphraseUnfit(NfiError):
    """A passphrase is missing or too weak. The message never holds any of it."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class ChosenPassphrase:
    """A passphrase, and whether its owner has yet to be shown it."""

    text: str = field(repr=False)
    generated: bool = False


def choose_passphrase(
    *,
    file: Path | None,
    generate: bool,
    environment: Mapping[str, str],
    ask: Callable[[], str] | None,
) -> ChosenPassphrase:
    """The passphrase, from the first of: what the command line names, the environment, a person.

    Args:
        file: holds it on its first line.
        generate: make a new one, which the caller has to show once.
        environment: of the process; `NFI_PASSPHRASE` is looked up in it.
        ask: asks a person at a terminal; None where there is nobody to ask.

    Raises:
        PassphraseUnfit: a file and a generated one together, an unreadable file, an empty variable, or
            nobody to ask. Whether it is strong enough, `require_fit_passphrase` says.
    """
    if file and generate:
        raise PassphraseUnfit(
            "a passphrase cannot be both read from a file and generated. Choose one of them."
        )
    if generate:
        return ChosenPassphrase(generated_passphrase(), generated=True)
    if file:
        return ChosenPassphrase(read_passphrase_file(file))
    if VARIABLE in environment:
        return ChosenPassphrase(from_environment(environment))
    if ask is None:
        raise PassphraseUnfit(
            "no terminal to ask for the passphrase. "
            f"Give a file with --passphrase-file FILE, or set the environment variable {VARIABLE}."
        )
    return ChosenPassphrase(ask())


def from_environment(environment: Mapping[str, str], variable: str = VARIABLE) -> str:
    """The passphrase that an environment variable holds.

    Raises:
        PassphraseUnfit: the variable is missing or empty, as a secret that a scheduler could not find.
    """
    if not (passphrase := environment.get(variable, "")):
        raise PassphraseUnfit(f"the environment variable {variable} is empty. Set it, or take it away.")
    return passphrase


def generated_passphrase() -> str:
    """A new passphrase of seven groups of three letters and digits, 104 bits, easily read out.

    From the operating system's source of randomness; never the same again.
    """
    return "-".join(
        "".join(secrets.choice(_SPOKEN_PLAINLY) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


def read_passphrase_file(path: Path) -> str:
    """The first line of a text file, without its line end; UTF-8, or UTF-16 as Windows PowerShell writes it.

    Raises:
        PassphraseUnfit: the file is not there, cannot be read, is too large, is not text, or its first line
            is empty.
    """
    raw = read_small_file(
        path,
        PassphraseUnfit,
        at_most=_FILE_AT_MOST,
        missing="Write the passphrase on its first line, readable by you alone.",
        name="Name the file that holds the passphrase.",
    )
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

    The ZIP format turns a passphrase into a key with only 1,000 rounds of PBKDF2, so the passphrase
    has to do the work: zxcvbn estimates how many guesses find it, knowing the body's name and ours.
    Only printable ASCII, since programs disagree on how to encode the rest. Source: decision 0005.

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
    if _guesses(passphrase, body) < MINIMUM_GUESSES:
        raise PassphraseUnfit(
            "the passphrase is easily guessed: names, known words, dates, repeats and keyboard patterns "
            f"count for little. {_ADVICE}"
        )


def _guesses(passphrase: str, body: str) -> int:
    """How many guesses find it, as zxcvbn estimates; of a long one, its better end."""
    words = re.findall(r"[a-z0-9]+", body.casefold())
    known = [*_GUESSED_FIRST, *(word for word in words if len(word) > 2), "".join(words)]
    ends = {passphrase[:_ZXCVBN_READS], passphrase[-_ZXCVBN_READS:]}
    return max(int(zxcvbn(end, user_inputs=known)["guesses"]) for end in ends)
