"""An article of yours to an interactive page: python article_to_page.py ARTICLE PAGE.html"""

import sys
from pathlib import Path

from kg import extract, read_articles
from kg.page import write_page

own = Path(__file__).resolve().parents[1] / "data" / "articles" / "sora-leak.en.md"
path, page = sys.argv[1:] or (own, "page.html")

[(article, statements)] = extract(read_articles([path]))
write_page(page, statements, articles={article.id: article}, title=article.title or article.id)
print(f"{len(statements)} statements of {article.id}: open {page} in a browser")
