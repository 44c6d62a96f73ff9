"""The mean of pipelines that went on from the same weights: as fast as one, steadier than each.

Method: Wortsman et al. 2022, "Model soups: averaging weights of multiple fine-tuned models improves
accuracy without increasing inference time" (arXiv 2203.05482). It is sound only where all go on
from one earlier pipeline, so that the same place in the network does the same work in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from thinc.api import Model

from kg.errors import TrainingError

# What tells two thinc nodes of one name apart that have the same shapes: the seed of a hash table.
_HASH_SEED = "seed"


def average_pipelines(folders: Sequence[Path], components: Sequence[str]) -> Language:
    """The first of the pipelines in ``folders``, with the mean weights of all in ``components``.

    Every pipeline counts as much as every other; one that is named twice counts double. Raises
    ``TrainingError``, with component and node, where two networks have not the same nodes in the
    same order, with the same shapes and labels.
    """
    if not folders:
        raise TrainingError("no pipeline to average; expected one or more")
    mean, first = spacy.load(folders[0]), folders[0]
    sums = [array.astype(np.float64) for _, array in _weights(mean, components, first)]
    for folder in folders[1:]:
        other = spacy.load(folder)
        _check_alike(mean, other, components, first, folder)
        more = (array for _, array in _weights(other, components, folder))
        sums = [total + array for total, array in zip(sums, more, strict=True)]
    for total, ((node, name), array) in zip(sums, _weights(mean, components, first), strict=True):
        node.set_param(name, (total / len(folders)).astype(array.dtype))
    return mean


def _weights(
    nlp: Language, components: Sequence[str], folder: Path
) -> Iterator[tuple[tuple[Model[Any, Any], str], Any]]:
    """Every array of weights of the components, in an order that depends on the networks alone."""
    for component in components:
        for node in _network(nlp, component, folder).walk():
            for name in node.param_names:
                if node.has_param(name):
                    yield (node, name), node.get_param(name)


def _network(nlp: Language, component: str, folder: Path) -> Model[Any, Any]:
    if component not in nlp.pipe_names:
        raise TrainingError(
            f"{folder}: no component {component!r} to average; it has {', '.join(nlp.pipe_names)}"
        )
    network: Model[Any, Any] = nlp.get_pipe(component).model  # type: ignore[attr-defined]
    return network


def _check_alike(
    one: Language, other: Language, components: Sequence[str], first: Path, second: Path
) -> None:
    for component in components:
        if one.pipe_labels.get(component) != other.pipe_labels.get(component):
            raise TrainingError(
                f"{second}: component {component!r} has other labels than in {first};"
                " expected pipelines that went on from the same one"
            )
        nodes = list(_network(one, component, first).walk())
        others = list(_network(other, component, second).walk())
        shapes, found = ([_shape(node) for node in part] for part in (nodes, others))
        if shapes != found:
            place = next(
                (
                    i
                    for i, pair in enumerate(zip(shapes, found, strict=False))
                    if pair[0] != pair[1]
                ),
                min(len(shapes), len(found)),
            )
            here, there = (
                " ".join(map(str, part[place])) if place < len(part) else "none"
                for part in (shapes, found)
            )
            raise TrainingError(
                f"{second}: component {component!r}, node {place} is {there}; expected as in"
                f" {first}: {here}; average pipelines that went on from the same one"
            )


def _shape(node: Model[Any, Any]) -> tuple[object, ...]:
    """What must be the same in two nodes: name, shapes of the weights, seed of the hashing."""
    weights = {n: node.get_param(n).shape for n in node.param_names if node.has_param(n)}
    return node.name, weights, node.attrs.get(_HASH_SEED)
