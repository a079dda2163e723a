"""Constant parts of templates are worked out when they are compiled, and everything else stays as it was."""

from types import FunctionType

from flask import Flask
from jinja2 import DictLoader

from learn.core import i18n, templating
from learn.core.assets import asset


def small(app: Flask, **sources: str) -> templating.Environment:
    """The application's environment with templates of its own beside."""
    found = templating.Environment(app, autoescape=True)
    found.globals.update(app.jinja_env.globals)
    icon = app.jinja_env.loader.get_source(app.jinja_env, templating.SYMBOLS)[0]  # type: ignore[union-attr]
    found.loader = DictLoader({templating.SYMBOLS: icon, **sources})
    return found


def test_texts_addresses_and_symbols_stand_in_the_compiled_template(app: Flask) -> None:
    source = (
        '{% from "components/icon.html" import icon %}'
        '{{ _("Größe & Maß") }}{{ icon("clock") }}{{ asset("app.css") }}'
    )
    found = small(app, page=source)
    written = found.compile(source, "page", raw=True)
    assert "clock" in written
    assert asset("app.css") in written
    assert "icon(" not in written
    symbol = f'<svg class="sc-i" aria-hidden="true"><use href="{asset("icons.svg")}#clock"/></svg>'
    assert found.get_template("page").render() == f"Größe & Maß{symbol}{asset('app.css')}"


def test_what_varies_is_called_and_escaped(app: Flask) -> None:
    source = (
        '{% macro box(text, class="", id="") %}<b class="{{ class }}">{{ text }}{{ caller() if caller }}</b>'
        "{% endmacro %}"
        '{{ box(name, class="a") }}{% call box(*["x"], id="1") %}<i>{{ name }}</i>{% endcall %}'
        '{% for each in [1] %}{{ _("%(n)s & mehr", n=name) }}{{ _(name) }}{% endfor %}'
    )
    shown = small(app, page=source).get_template("page").render(name="<n>")
    assert shown == ('<b class="a">&lt;n&gt;</b><b class="">x<i>&lt;n&gt;</i></b>&lt;n&gt; & mehr<n>'), (
        "a text by a variable name is a text of ours"
    )


def test_with_another_language_texts_are_looked_up_for_each_page(app: Flask) -> None:
    found = small(app, page='{{ _("Kurse") }}')
    found.globals["_"] = {"Kurse": "Courses"}.get
    assert found.get_template("page").render() == "Courses"
    assert i18n.text("Kurse") == "Kurse"


def test_no_function_of_templates_wants_the_context(app: Flask) -> None:
    """They are called straight, without asking each time."""
    known = {name: each for name, each in app.jinja_env.globals.items() if isinstance(each, FunctionType)}
    assert "_" in known
    wanting = {name for name, each in known.items() if hasattr(each, "jinja_pass_arg")}
    assert wanting == {"pgettext", "npgettext"}, "Jinja's own, which no template of ours uses"
