"""A store in one file, and the way back.

The file is N-Quads, compressed by gzip, so that any RDF program reads it, in years too. Comments of
N-Quads at its begin and end tell what it is and check it: the number of quads and their SHA-256.
"""

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from kg.embedded import is_folder_of_store, open_embedded
from kg.errors import DataError, OutputError, StoreError
from kg.files import whole_binary_file
from kg.store import Store, open_store

_HEAD = b"# dispute-kg backup\n"
_TAIL = b"# end "


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: how many quads, and the SHA-256 of them as N-Quads."""

    quads: int
    sha256: str


def back_up(store: Path, file: Path) -> Backup:
    """Writes a store into one file, which appears whole or not at all.

    A build may go on meanwhile: the file holds what was stored when this began. Raises StoreError
    where there is no store, OutputError where the file cannot be written.
    """
    held = open_embedded(store, read_only=True)
    try:
        Store(held)  # that it is a store of ours, of this layout
        with whole_binary_file(file) as out, _gzip(out) as to:
            to.write(_HEAD)
            counted = _Counted(to)
            held.store.dump(cast(BinaryIO, counted), format=ox.RdfFormat.N_QUADS)
            done = Backup(counted.lines, counted.digest.hexdigest())
            to.write(_tail(done))
    finally:
        held.close()
    return done


def restore(file: Path, store: Path) -> Backup:
    """Makes a store of a backup, whole or not at all; its folder must not be there yet.

    The file is checked before and the store after it is loaded. A backup of an older layout becomes
    one of this layout. Raises DataError for a file that is no backup, cut off or altered, and
    StoreError for a folder that is there.
    """
    if is_folder_of_store(store) or (store.exists() and (store.is_file() or any(store.iterdir()))):
        raise StoreError(
            f"{store}: there already; restore into a new folder, then put it in the place of this"
        )
    told = _checked(file)
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=store.parent, prefix=f".{store.name}.", suffix=".new"))
    except OSError as error:
        raise OutputError(
            f"{store}: cannot be written: {error.strerror or error}; see that its folder may be"
        ) from error
    try:
        _load(file, place, told)
        if store.is_dir():
            store.rmdir()
        os.replace(place, store)
    except OSError as error:
        raise OutputError(
            f"{store}: cannot be written: {error}; see that its disk has room and works"
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return told


def _tail(backup: Backup) -> bytes:
    return _TAIL + json.dumps(asdict(backup), sort_keys=True).encode() + b"\n"


def _gzip(out: BinaryIO) -> gzip.GzipFile:
    """No time and no name in the file: the same store gives the same bytes."""
    return gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=6, mtime=0)


def _load(file: Path, place: Path, told: Backup) -> None:
    raw = ox.Store(place)
    with gzip.open(file) as lines:
        raw.bulk_load(input=cast(BinaryIO, lines), format=ox.RdfFormat.N_QUADS)
    raw.flush()
    found = len(raw)
    del raw
    if found != told.quads:
        raise DataError(
            f"{file}: gave {found} quads, {told.quads} were promised; take another backup"
        )
    with open_store(place):
        pass


def _checked(file: Path) -> Backup:
    """What a backup says of itself, once that is found to be true."""
    digest = hashlib.sha256()
    count = 0
    last = b""
    try:
        for number, line in enumerate(_lines(file)):
            if number == 0:
                if line != _HEAD:
                    raise DataError(
                        f"{file}: not a backup of dispute-kg; expected one by kg backup"
                    )
                continue
            if last:
                digest.update(last)
                count += 1
            last = line
    except FileNotFoundError:
        raise DataError(f"{file}: no such file; check the name") from None
    except EOFError:
        last = b""
    except gzip.BadGzipFile as error:
        raise DataError(f"{file}: {error}; expected a file made by kg backup") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: cannot be read: {error}; take another backup") from None
    if not last.startswith(_TAIL):
        raise DataError(f"{file}: cut off; take another backup")
    told = Backup(count, digest.hexdigest())
    if last != _tail(told):
        raise DataError(f"{file}: altered since it was made; take another backup")
    return told


def _lines(file: Path) -> Iterator[bytes]:
    with gzip.open(file) as lines:
        yield from lines


class _Counted:
    """A file to write to that counts lines and hashes what goes through."""

    def __init__(self, file: BinaryIO | gzip.GzipFile) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.lines = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.lines += data.count(b"\n")
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()
