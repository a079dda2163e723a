"""The HTML of one rendered file on its own: stored parts, and quizzes and the like as a visitor sees them."""

from dataclasses import replace

from markupsafe import Markup

from learn import create_app
from learn.config import Config
from learn.courses import ready
from learn.courses.single import Rendering
from learn.markup.model import Exercise, Html, Part, Plan, Quiz
from learn.site.questions import quiz_sheet

TEMPLATE = """
{%- from "components/exercise.html" import exercise %}
{%- from "components/plan.html" import plan %}
{%- from "components/question.html" import quiz %}
{%- for kind, part in parts %}
{%- if kind == "html" %}
{{ part.html }}
{%- elif kind == "quiz" %}
{{ quiz(part, "", 0, {}) }}
{%- elif kind == "exercise" %}
{{ exercise(part) }}
{%- else %}
{{ plan(part, "", 0, signed_in=false) }}
{%- endif %}
{%- endfor %}
{%- for term in terms %}
<h2>{{ term.title }}</h2>
{{ term.html }}
{%- endfor %}
"""


def html(config: Config, found: Rendering) -> str:
    """All parts of a file, then its glossary terms."""
    simple = all(isinstance(part, Html) for part in found.parts) and not found.terms
    if simple:  # nothing is drawn, so neither application nor built files are needed
        return "\n".join(part.html for part in found.parts if isinstance(part, Html))
    app = create_app(replace(config, secret_key=config.secret_key or "none"))
    with app.test_request_context("/"):
        template = app.jinja_env.from_string(TEMPLATE)
        parts = [_drawn(part) for part in ready.ready(found.parts)]
        terms = [replace(term, html=Markup(term.html)) for term in found.terms]  # noqa: S704 - sanitised
        return template.render(parts=parts, terms=terms).strip()


def _drawn(part: Part) -> tuple[str, object]:
    """A part with its kind, as the template tells them apart."""
    if isinstance(part, Quiz):
        return "quiz", quiz_sheet(part, 0, part.slug)
    kinds = {Exercise: "exercise", Plan: "plan"}
    return kinds.get(type(part), "html"), part
