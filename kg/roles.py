"""Who is what to whom, and what belongs to whom: roles and possession.

"X, CEO of Y", "Y CEO X", "X is the CEO of Y"; "OpenAI's Sora", "Sora milik OpenAI".
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from kg.attribution import find_source
from kg.clauses import Clauses
from kg.findings import Finding
from kg.languages import RoleNouns
from kg.lexicon import Lexicon
from kg.linking import Linker
from kg.methods import linked
from kg.names import Name
from kg.recognition import place_behind
from kg.records import Argument, Entity
from kg.role_words import role_words
from kg.status import read_status
from kg.syntax import NOMINAL, VERBAL, Tree
from kg.vocabulary import is_a

_NEAR = 1  # sentences back to the country that a minister is of


def find_roles(clauses: Clauses, linker: Linker, lexicon: Lexicon) -> Iterator[Finding]:
    """Roles in the order of their nouns, then what is somebody's in the order of the things."""
    for token, lemma in enumerate(clauses.tree.lemma):
        entries = lexicon.roles.get(lemma)
        if entries is not None:
            yield from _roles(clauses, linker, lexicon, token, entries)
    yield from _possessions(clauses, linker, lexicon)
    yield from _described_possessions(clauses, linker, lexicon)


def _roles(
    clauses: Clauses,
    linker: Linker,
    lexicon: Lexicon,
    token: int,
    entries: tuple[tuple[tuple[str, ...], RoleNouns], ...],
) -> Iterator[Finding]:
    """Who is what to whom: "X, CEO of Y", "Y CEO X", "X is the CEO of Y"."""
    tree = clauses.tree
    if tree.pos[token] not in (*NOMINAL, "X"):
        return
    last_head = clauses.cues.pack.words.noun_head == "last"
    if not last_head and (tree.lower[token - 1], tree.lower[token]) in clauses.cues.role_pairs:
        return  # "wakil presiden" is one role
    for words, role in entries:
        begin = token - len(words) if last_head else token + 1
        if tuple(tree.lemma[begin : begin + len(words)]) != words:
            continue
        if not last_head and role.relation == "affiliatedWith" and _names_a_body(clauses, token):
            return
        body = _body_of_office(linker, token) if role.relation == "affiliatedWith" else None
        office = range(token, token + 1) if body is None else range(body.first, body.end)
        whole = [linker.named(body)] if body else _wholes(clauses, linker, token, role)
        last = token + (0 if last_head else len(words))
        subjects = _role_holders(clauses, linker, token, role, last)
        sure = 0.9
        if not whole and any(is_a(s.entity.type, "Person") for s in subjects):
            main: Entity | None = None
            if role.of_place:
                main = linker.reference.last_within(token, ("Place",), _NEAR)
            elif role.of_last and _is_bare(linker, tree, token + len(words)):
                main = linker.main_of(token, "Company")
            whole = [linked(main, tree.span(token, token), "byContext")] if main else []
            sure = 0.5
        if not whole:
            return
        if not subjects and not (
            tree.role[token] in ("predicative",) or tree.kids(token, "copula")
        ):
            inner = tree.role[token] in ("compound", "nominal", "flat") and not tree.case[token]
            own = None if inner else linker.link(token)  # "gugatan perwakilan kelompok"
            subjects = [own] if own is not None and linker.fits(own, role.subjects) else []
            if own is not None and own.entity.known and role.resolves_to_developer:
                if own.entity.type == "Group":
                    return
            sure = 0.6
        predicate = tree.head[token] if tree.role[token] == "predicative" else token
        status = read_status(clauses, predicate)
        source = find_source(clauses, token)
        if status.unsaid:
            return
        first = min(begin, token)
        last = max(token, begin + len(words) - 1, office[-1])
        told = ""
        if role.relation == "affiliatedWith":
            told = role_words(
                linker,
                clauses.cues,
                first,
                last,
                lexicon.roles,
                apart=_apart(tree, token, [*subjects, *whole]),
            )
        for subject in subjects:
            for argument in whole:
                if subject.entity.slug != argument.entity.slug:
                    yield Finding(
                        token,
                        role.relation,
                        argument if role.inverse else subject,
                        subject if role.inverse else argument,
                        status.negated,
                        "asserted",
                        source,
                        sure,
                        told,
                    )
        return


def _apart(tree: Tree, role: int, arguments: Iterable[Argument]) -> set[int]:
    """The tokens of who has a role and of what it is a role in, where these are not the words of
    the role itself: "former OpenAI researchers"."""
    found: set[int] = set()
    for argument in arguments:
        first = bisect_left(tree.start, argument.span.start)
        tokens = range(first, bisect_left(tree.start, argument.span.end))
        if role not in tokens:
            found |= {token for token in tokens if not tree.clitic[token]}
    return found


def _body_of_office(linker: Linker, token: int) -> Name | None:
    """The body of the registry that an office is named after: "Menteri Komunikasi dan Digital"."""
    tree, names = linker.tree, linker.names
    body = names.pack.words.offices.get(tree.lower[token])
    if body is None or not tree.word[token][:1].isupper():
        return None
    for rest, slug in names.by_first.get(body.capitalize(), ()):
        end = token + 1 + len(rest)
        if rest and tuple(tree.word[token + 1 : end]) == rest:
            entity = names.registry.entities[slug]
            other = place_behind(tree, names, end, entity)
            return None if other else Name(token, end, entity, "byAlias")
    return None


def _names_a_body(clauses: Clauses, token: int) -> bool:
    """Is a role no role but the name of whose body it is: "serikat pekerja", "dewan direksi"?"""
    tree = clauses.tree
    body = tree.head[token]
    if body != token - 1 or tree.role[token] not in ("nominal", "compound", "flat"):
        return False
    return any(
        tree.lower[body] in description.nouns and "Person" not in description.types
        for description in clauses.cues.pack.description
    )


def _is_bare(linker: Linker, tree: Tree, role: int) -> bool:
    """Does nothing but the name of its holder stand behind a role?"""
    last = tree.phrase(role)[1]
    for i in range(role + 1, last + 1):
        name = linker.name_at(i)
        if tree.pos[i] in NOMINAL and (name is None or not is_a(name.entity.type, "Person")):
            return False
    return True


def _wholes(clauses: Clauses, linker: Linker, token: int, role: RoleNouns) -> list[Argument]:
    """What somebody in a role belongs to, makes or owns."""
    tree = clauses.tree
    hosts = [token, tree.head[token]] if tree.role[token] == "predicative" else [token]
    led = [
        one
        for host in hosts
        for case, kid in clauses.obliques(host)
        if case in role.prepositions
        for one in clauses.expand(kid)
    ]
    own = clauses.owners(token)
    possessors = tree.kids(token, "possessive")
    found = [
        a
        for one in (*led, *own)
        if (a := linker.link(one)) is not None
        and linker.fits(a, role.objects)
        and (not is_a(a.entity.type, "Person") or "Person" in role.objects)
        and (a.entity.type != "Concept" or one in led or one in possessors)
        and (a.entity.type != "Work" or linker.name_at(one) is not None)
    ]
    for inner in () if found else range(token, tree.phrase(token)[1] + 1):
        if tree.case[inner] and inner > token:
            break
        if tree.clitic[inner] in ("Poss", "Det"):  # "pendirinya", "kepala bagian hukumnya"
            kind = "Organization" if role.relation == "affiliatedWith" else role.objects[0]
            owner = linker.clitic_antecedent(inner, kind)
            if owner is not None:
                found = [linked(owner, tree.span(inner, inner), "byPronoun")]
            break
    named = [a for a in found if is_a(a.entity.type, "Organization")]
    if found:
        return named or found
    first, last = tree.phrase(token)
    top = token
    if tree.role[token] in ("compound", "flat"):
        top = tree.head[token]
        first, last = tree.phrase(top)
    return [
        linker.named(name)
        for name in linker.names_in(first, last)
        if not name.first <= token < name.end
        and linker.fits(linker.named(name), role.objects)
        and not is_a(name.entity.type, "Person")
        and abs(name.first - token) <= 4
    ][:1]


def _role_holders(
    clauses: Clauses, linker: Linker, token: int, role: RoleNouns, last: int
) -> list[Argument]:
    """Who has the role whose words end at ``last``: the word it is an apposition of, its own
    apposition, the name beside it, the subject of "to be"."""
    tree = clauses.tree
    first = tree.head[token]  # "X, co-founder and chief executive of Y": X is both
    joined = tree.role[token] == "conjunct" or bool(tree.kids(token, "coordinator"))
    if joined and first < token and tree.lemma[first] in linker.names.role_nouns:
        return _role_holders(clauses, linker, first, role, first)
    behind = [linker.named(name) for name in _names_behind(linker, tree, token)]
    plural = tree.plural[token]
    one = _one_of(clauses, token)
    if one != token:
        plural = tree.lower[one] in clauses.cues.pack.words.numbers
        behind, token, last = [], one, max(last, tree.phrase(token)[1])
    beside = _across_comma(linker, tree, token, role)
    of_person = "Person" in role.objects and beside is not None  # "the lawyer of X, Y,"
    if behind and clauses.cues.pack.words.noun_head == "first" and not of_person:
        return behind[:1]
    if beside is not None and not plural:
        return [beside]
    candidates: list[int] = []
    if tree.role[token] == "apposition":
        host = tree.head[token]
        while plural and tree.role[host] == "conjunct":
            host = tree.head[host]  # "X and Y, two of the directors"
        candidates += clauses.expand(host) if plural else (host,)
    candidates += [one for kid in tree.kids(token, "apposition") for one in tree.conjuncts(kid)]
    if tree.role[token] == "predicative" or tree.kids(token, "copula"):
        verb = tree.head[token] if tree.role[token] == "predicative" else token
        candidates += clauses.surface_subjects(verb)
    if tree.role[token] in ("compound", "flat", "nominal") and not tree.case[token]:
        candidates.append(tree.head[token])
    candidates += [
        kid
        for kid in tree.kids(token, "flat", "compound", "nominal")
        if kid > last and not tree.case[kid]
    ]
    candidates += _appointed(clauses, token)
    found: list[Argument] = []
    bodies: list[Argument] = []  # "the guild, the representative of composers"
    for one in candidates:
        argument = linker.link(one)
        if (
            argument is not None
            and argument.entity.type != "Concept"
            and linker.fits(argument, role.subjects)
        ):
            if role.relation == "affiliatedWith" and not is_a(argument.entity.type, "Person"):
                bodies.append(argument)
                continue
            found.append(argument)
    if not found and role.relation == "affiliatedWith":
        found = behind
    if beside is not None and not found:
        return [beside]
    singular = not plural and tree.role[token] in ("apposition", "predicative")
    if not found and singular:
        found = [one for one in bodies if is_a(one.entity.type, "Organization")]
    several = tree.role[token] == "predicative" or bool(tree.kids(token, "copula"))
    several = several or plural
    return found if several else found[:1]


def _one_of(clauses: Clauses, token: int) -> int:
    """The number that a plural role is counted by: the "one" of "one of Garcia's lawyers", which
    stands where the role would; the role itself where there is none."""
    tree, words = clauses.tree, clauses.cues.pack.words
    number = tree.head[token]
    counted = tree.plural[token] and tree.case[token] in words.quantifying_preposition
    return number if counted and tree.pos[number] == "NUM" else token


def _appointed(clauses: Clauses, token: int) -> tuple[int, ...]:
    """Who takes up a role or is given it: "returned as …", "was named as …"."""
    tree, verb = clauses.tree, clauses.tree.head[token]
    words = clauses.cues.pack.words
    if tree.role[token] == "object" and tree.lower[verb] in words.copular:
        return clauses.surface_subjects(verb)  # "yang merupakan direktur …"
    if tree.case[token] not in words.role_prepositions:
        return ()
    if tree.pos[verb] not in VERBAL:
        return ()
    return clauses.objects(verb) or clauses.surface_subjects(verb)


def _across_comma(linker: Linker, tree: Tree, token: int, role: RoleNouns) -> Argument | None:
    """The name before or behind a comma beside the role, whatever the parser makes of it."""
    first, last = tree.phrase(token)
    before, behind = first - 1, last + 1
    while before > 0 and tree.role[before] in ("adverb", "determiner"):  # "X, salah satu pendiri"
        before -= 1
    for comma, place in ((before, before - 1), (behind, behind + 1)):
        if 0 <= comma < len(tree) and tree.word[comma] == ",":
            name = linker.name_at(place)
            if (
                name is None
                or tree.sentence[place if place < len(tree) else 0] != tree.sentence[token]
            ):
                continue
            argument = linker.named(name)
            person = is_a(name.entity.type, "Person")
            if linker.fits(argument, role.subjects) and person == (
                role.relation == "affiliatedWith"
            ):
                return argument
    return None


def _names_behind(linker: Linker, tree: Tree, token: int) -> list[Name]:
    """A person's name right behind the role, or behind the organization that follows the role."""
    here = token + 1
    for _ in range(2):
        name = linker.name_at(here)
        while (
            name is None
            and here < len(tree)
            and tree.pos[here] in ("PROPN", "X", "NOUN")
            and here - token < 6
        ):
            here += 1
            name = linker.name_at(here)
        if name is None:
            return []
        if is_a(name.entity.type, "Person"):
            return [name]
        here = name.end
    return []


def _possessions(clauses: Clauses, linker: Linker, lexicon: Lexicon) -> Iterator[Finding]:
    """What belongs to whom: "OpenAI's Sora", "Sora milik OpenAI"."""
    tree = clauses.tree
    for name in linker.found:
        for possession in lexicon.possessions:
            if possession.only_led or not any(
                is_a(name.entity.type, kind) for kind in possession.things
            ):
                continue
            head = name.end - 1
            for token in range(name.first, name.end):
                if not name.first <= tree.head[token] < name.end:
                    head = token
            owners = tree.kids(head, "possessive")
            owners += [
                below
                for kid in tree.kids(head, "compound")
                for below in tree.kids(kid, "possessive")
            ]
            owners += [
                below
                for host in (head, *tree.kids(head, "apposition"))  # "X, a model of Y's"
                for kid in tree.kids(host, "nominal", "adjective", "compound")
                if tree.lower[kid] in possession.prepositions
                for below in tree.kids(kid, "nominal", "object", "flat", "compound")
            ]
            owners += [
                kid for case, kid in clauses.obliques(head) if case in possession.prepositions
            ]
            owners += [
                kid
                for kid in tree.kids(head, "compound", "nominal", "flat")
                if not tree.case[kid] and linker.name_at(kid) is not None
            ]
            if tree.role[head] == "apposition":
                owners += [
                    kid
                    for kid in tree.kids(tree.head[head], "possessive", "nominal", "compound")
                    if not tree.case[kid]
                ]
            thing = linker.named(name)
            for owner in owners:
                argument = linker.link(owner)
                if argument is None or argument.entity.slug == name.entity.slug:
                    continue
                if any(is_a(argument.entity.type, kind) for kind in possession.owners):
                    maker = linker.names.registry.developers.get(name.entity.slug)
                    if maker is not None and maker != argument.entity.slug:
                        continue
                    subject, object_ = argument, thing
                    if possession.thing_is_subject:
                        subject, object_ = thing, argument
                    title = possession.relation == "affiliatedWith" and possession.thing_is_subject
                    yield Finding(
                        head,
                        possession.relation,
                        subject,
                        object_,
                        False,
                        "asserted",
                        find_source(clauses, head),
                        0.8,
                        _title_before(linker, clauses, lexicon, name) if title else "",
                    )
                    break


def _described_possessions(clauses: Clauses, linker: Linker, lexicon: Lexicon) -> Iterator[Finding]:
    """What is only described as somebody's: "perusahaan milik Elon Musk itu"."""
    tree = clauses.tree
    words = {word for one in lexicon.possessions for word in one.prepositions}
    for token, lower in enumerate(tree.lower):
        thing = tree.head[token]
        if lower not in words or tree.role[token] != "nominal" or tree.pos[thing] not in NOMINAL:
            continue
        for possession in lexicon.possessions:
            if linker.name_at(thing) is not None and not possession.only_led:
                continue
            owned = linker.link(thing) if lower in possession.prepositions else None
            if owned is None or not any(is_a(owned.entity.type, one) for one in possession.things):
                continue
            for kid in tree.kids(token, "nominal", "object", "flat", "compound"):
                owner = linker.link(kid)
                if owner is None or owner.entity.slug == owned.entity.slug:
                    continue
                if any(is_a(owner.entity.type, one) for one in possession.owners):
                    yield Finding(
                        thing,
                        possession.relation,
                        owner,
                        owned,
                        False,
                        "asserted",
                        find_source(clauses, thing),
                        0.7,
                    )


def _title_before(linker: Linker, clauses: Clauses, lexicon: Lexicon, name: Name) -> str:
    """The role right before a name: "Judge Rita Lin of the federal court"."""
    tree, noun = linker.tree, name.first - 1
    if noun < 0 or tree.sentence[noun] != tree.sentence[name.first]:
        return ""
    if tree.lemma[noun] not in linker.names.role_nouns or linker.name_at(noun) is not None:
        return ""
    return role_words(linker, clauses.cues, noun, noun, lexicon.roles, apart=set())
