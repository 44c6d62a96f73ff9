"""Results on disk: a whole file or nothing."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, cast

from kg.errors import OutputError


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write to that takes its name only when the block ends without an error.

    Until then what was there before stays as it is. A path that is no regular file (a pipe, a
    terminal) is written to directly. OutputError where it cannot be written, a full disk included.
    """
    with _whole(path, mode="w", encoding="utf-8", newline="\n") as file:
        yield cast(TextIO, file)


@contextmanager
def whole_binary_file(path: Path) -> Iterator[BinaryIO]:
    """`whole_file` for bytes."""
    with _whole(path, mode="wb") as file:
        yield cast(BinaryIO, file)


@contextmanager
def _whole(
    path: Path, *, mode: str, encoding: str | None = None, newline: str | None = None
) -> Iterator[IO[Any]]:
    target = path.resolve()
    if target.exists() and not target.is_file() and not target.is_dir():
        with _renamed_errors(path), target.open(mode, encoding=encoding, newline=newline) as file:
            yield file
        return
    with _renamed_errors(path):
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
        try:
            with os.fdopen(handle, mode, encoding=encoding, newline=newline) as file:
                yield file
                file.flush()
                os.fsync(handle)  # else a power cut could leave the new name with no content
            os.chmod(name, _mode(target))
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise


def write_if_changed(path: Path, content: str) -> bool:
    """Writes a whole file unless it is there with this content; returns whether it was written."""
    data = content.encode("utf-8")
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError:
        pass  # not there, or not to be read: writing tells
    with whole_file(path) as file:
        file.write(content)
    return True


def make_folder(path: Path) -> None:
    """A folder with those above it, there or made; OutputError where it cannot be."""
    with _renamed_errors(path):
        path.mkdir(parents=True, exist_ok=True)


def _mode(target: Path) -> int:
    """The rights of the file to be replaced, else those that a new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def _renamed_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written: {error.strerror or error};"
            " see that the folder is there, may be written to and has room"
        ) from error
