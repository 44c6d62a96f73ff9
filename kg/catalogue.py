"""What the project knows by name: relations, entity types, modalities, issues, entities."""

from typing import Any

from kg.formats import turtle
from kg.graph import ontology_quads
from kg.iris import entity_iri
from kg.registry import registry
from kg.vocabulary import entity_types, groups, issues, modalities, relations


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """Everything that statements can be made of, by kind, each with its labels by language.

    Relations carry their group, definitions and sign (-1 against, 0 neither, 1 for), entity types
    those above them, entities their type and IRI. In the order of the ontology; entities by id.

    >>> [relation["labels"] for relation in catalogue()["relations"] if relation["id"] == "sues"]
    [{'en': 'sues', 'id': 'menggugat'}]
    """
    return {
        "groups": [{"id": group.name, "labels": dict(group.labels)} for group in groups()],
        "relations": [
            {
                "id": relation.name,
                "group": relation.group,
                "sign": relation.sign,
                "labels": dict(relation.labels),
                "inverse": dict(relation.inverse_labels),
                "definitions": dict(relation.definitions),
            }
            for relation in relations()
        ],
        "types": [
            {"id": kind.name, "above": list(kind.supers), "labels": dict(kind.labels)}
            for kind in entity_types()
        ],
        "modalities": [{"id": kind.name, "labels": dict(kind.labels)} for kind in modalities()],
        "issues": [{"id": issue.name, "labels": dict(issue.labels)} for issue in issues()],
        "entities": [
            {
                "id": slug,
                "iri": entity_iri(slug),
                "type": entity.type,
                "labels": dict(entity.labels),
            }
            for slug, entity in sorted(registry().entities.items())
        ],
    }


def ontology_turtle() -> str:
    """The ontology and the scheme of issues as one Turtle document."""
    return turtle(ontology_quads())
