"""`nfi key`: keys that sign packages."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nfi.console import messages, paragraph
from outputs.sealed.passphrase import (
    PassphraseUnfit,
    from_environment,
    read_passphrase_file,
    require_fit_passphrase,
)
from outputs.sealed.signature import (
    KEY_VARIABLE,
    KeyUnusable,
    fingerprint,
    holds_private_key,
    private_pem,
    public_pem,
    read_private_key,
    read_public_key,
)
from specs.errors import OutputUnwritable
from specs.private_files import OutputExists, private_folder, written_whole

app = typer.Typer(no_args_is_help=True, help="Make and show keys that sign packages.")


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the two files.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder for them.")] = Path(),
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help="File whose first line protects the key.")
    ] = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Leave the key open: whoever can read the file can sign.")
    ] = False,
) -> None:
    """Make a key pair: NAME.pem signs and stays with you, NAME.pub lets others check the signature.

    Its passphrase comes from --passphrase-file, the variable NFI_KEY_PASSPHRASE, or the terminal.

    Example: nfi key new anytown --out keys
    """
    if not name or Path(name).name != name or name.startswith("."):
        raise KeyUnusable(f"{name}: is not a plain name. Name the folder with --out.")
    private, public = out / f"{name}.pem", out / f"{name}.pub"
    for file in (private, public):
        if file.exists() or file.is_symlink():
            raise _exists_already(file)
    secret = _new_passphrase(passphrase_file, no_passphrase=no_passphrase)
    key = Ed25519PrivateKey.generate()
    private_folder(out)
    _write_pair(key, secret, private, public)
    typer.echo(fingerprint(key.public_key()))
    paragraph(
        messages(),
        f"Sign with {private}: nfi package --sign {private}. Hand {public} to the auditor by another route "
        "than the package, and read the fingerprint out to them: a key that travels with the package "
        "proves nothing.",
    )


@app.command()
def show(file: Annotated[Path, typer.Argument(metavar="FILE", help="A public or a private key.")]) -> None:
    """Show the fingerprint of a key, to compare it with what its owner reads out.

    Example: nfi key show anytown.pub
    """
    private = holds_private_key(file)
    public = read_private_key(file, key_passphrase).public_key() if private else read_public_key(file)
    typer.echo(fingerprint(public))


def key_passphrase() -> str:
    """The passphrase of a private key that exists: out of the environment, or typed unseen at a terminal.

    Raises:
        PassphraseUnfit: the variable is empty, or nobody to ask.
    """
    if KEY_VARIABLE in os.environ:
        return from_environment(os.environ, KEY_VARIABLE)
    return _typed("Passphrase of the key", confirm=False)


def _write_pair(key: Ed25519PrivateKey, secret: str | None, private: Path, public: Path) -> None:
    """Both files or none, and neither over one that has come to be there in the meantime."""
    stands = False
    try:
        with written_whole(public, new=True) as new_public:
            new_public.write_bytes(public_pem(key.public_key()))
            with written_whole(private, new=True) as new_private:
                new_private.write_bytes(private_pem(key, secret))
            stands = True
    except OutputUnwritable as fault:
        if stands:  # the public key found no place
            private.unlink(missing_ok=True)
        if isinstance(fault, OutputExists):
            raise _exists_already(public if stands else private) from None
        raise


def _exists_already(file: Path) -> KeyUnusable:
    return KeyUnusable(f"{file}: exists already. A key is never written over; choose another name.")


def _new_passphrase(file: Path | None, *, no_passphrase: bool) -> str | None:
    if no_passphrase:
        if file:
            raise PassphraseUnfit("--no-passphrase and --passphrase-file contradict each other. Give one.")
        return None
    if file:
        passphrase = read_passphrase_file(file)
    elif KEY_VARIABLE in os.environ:
        passphrase = from_environment(os.environ, KEY_VARIABLE)
    else:
        passphrase = _typed("Passphrase of the new key", confirm=True)
    require_fit_passphrase(passphrase)
    return passphrase


def _typed(question: str, *, confirm: bool) -> str:
    if not sys.stdin.isatty():
        raise PassphraseUnfit(
            f"no terminal to ask for the passphrase of the key. Set the environment variable {KEY_VARIABLE}."
        )
    return str(typer.prompt(question, hide_input=True, confirmation_prompt=confirm, err=True))
