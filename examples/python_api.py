"""Statements from a text, in Python: who does what to whom, who says so, from which words."""

import kg

TEXT = """Getty Images sued Stability AI in London. OpenAI did not confirm that the leak was
authentic. The union said that Meta exploits the artists. Actors will not boycott Netflix."""

article = kg.Article(id="example", text=TEXT, lang="en", date="2025-01-15")

for _, statements in kg.extract([article]):
    for statement in statements:
        subject, object_ = statement.subject.entity, statement.object.entity
        print(f"{subject.label} --{statement.relation}--> {object_.label}")
        if statement.negated:
            print("    negated")
        if statement.modality != "asserted":
            print(f"    meant as: {statement.modality}")
        if statement.attributed_to:
            print(f"    says: {statement.attributed_to.entity.label}")
        # Offsets count characters of the article's text: every statement can be checked.
        span = statement.trigger
        assert article.text[span.start : span.end] == span.text
        print(f"    from: “{statement.sentence.text}”")
