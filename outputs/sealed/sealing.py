"""The archive sealed while it is written: under a passphrase, or for those who hold a key of age."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import pyzipper

from outputs.sealed.age_files import encrypt_stream
from outputs.sealed.age_keys import Recipients
from outputs.sealed.encrypted_zip import ArchiveWriter, encrypted_zip, finished

_WAITING = 4  # pieces of the archive between writing and encrypting: memory stays bounded


@contextlib.contextmanager
def sealed_archive(target: Path, seal: str | Recipients) -> Iterator[ArchiveWriter]:
    """A new archive at `target`, complete when the block ends well.

    A passphrase gives an AES-256 ZIP; recipients give a ZIP inside one age file, where not even names
    and sizes can be read without a key. Nothing of the archive is written plain either way.

    Raises:
        OSError: the disk refuses; the file is then incomplete, and the caller's to remove.
    """
    if isinstance(seal, str):
        with encrypted_zip(target, seal) as archive:
            yield archive
        return
    with target.open("wb") as file, _encrypted_for(seal, file) as stream:
        archive = pyzipper.AESZipFile(stream, "w")
        with finished(archive):
            yield ArchiveWriter(archive)


@contextlib.contextmanager
def _encrypted_for(recipients: Recipients, file: IO[bytes]) -> Iterator[_Relay]:
    """What the block writes goes, encrypted, to `file`.

    age reads where a ZIP writes, so that a thread of its own carries the pieces over.
    """
    relay = _Relay(file)
    # A daemon: whatever happens to it, nfi can leave.
    thread = threading.Thread(target=relay.encrypt, args=(recipients,), name="age", daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.end()
        thread.join()
    relay.raise_failure()


class _Relay:
    """The archive writes to it; in another thread age reads from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._pieces: SimpleQueue[bytes] = SimpleQueue()
        self._room = threading.Semaphore(_WAITING)
        self._rest = memoryview(b"")
        self._ended = False
        self._failure: BaseException | None = None

    def write(self, piece: bytes) -> int:
        """Hand a piece over; waits while several are on their way."""
        self.raise_failure()
        if piece:  # an empty one means the end
            self._room.acquire()
            self._pieces.put(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: pieces go on as they come."""

    def end(self) -> None:
        """Say that nothing more will come."""
        self._pieces.put(b"")

    def raise_failure(self) -> None:
        """Raise what stopped the encryption, if anything did."""
        if self._failure:
            raise self._failure

    def encrypt(self, recipients: Recipients) -> None:
        """Encrypt to the end; after a failure go on taking pieces, so that the archive never waits."""
        try:
            encrypt_stream(self, self._file, recipients)
        except BaseException as fault:  # raised again where the archive is written
            self._failure = fault
            while self.read(1 << 20):
                pass

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        if not self._rest and not self._ended:
            piece = self._pieces.get()
            self._room.release()
            self._rest, self._ended = memoryview(piece), not piece
        piece, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return piece
