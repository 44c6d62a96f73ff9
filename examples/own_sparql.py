"""A question of your own: which actors does somebody act against, and how often, by language?"""

from pathlib import Path

import kg

ARTICLES = Path(__file__).resolve().parents[1] / "data" / "articles"

QUERY = """
SELECT ?actor ?lang (COUNT(DISTINCT ?statement) AS ?times) WHERE {
  ?statement dkg:object ?entity ; dkg:relation ?relation ; dkg:negated false ;
    dkg:evidence/dcterms:language ?lang .
  ?relation rdfs:subPropertyOf dkg:contends .
  ?entity a/rdfs:subClassOf* dkg:Actor ; rdfs:label ?actor .
}
GROUP BY ?actor ?lang ORDER BY DESC(?times) ?actor ?lang LIMIT 10
"""

articles = sorted(ARTICLES.glob("*-stability.*.md")) + sorted(ARTICLES.glob("nyt-openai.*.md"))

with kg.open_store(None) as store:  # in memory; give a folder to keep it
    for article, statements in kg.extract(kg.read_articles(articles)):
        store.replace_article(article, statements, extractor="example", fingerprint="")
    for row in store.query(QUERY):
        print(f"{row['times'].value:>3}  {row['lang'].value}  {row['actor'].value}")
