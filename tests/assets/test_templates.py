"""Rules for all templates: nothing inline, nothing unescaped, known icons, compiled macros."""

import json
import re

import pytest

from learn.assets import build

TEMPLATES = sorted(
    path for path in build.LEARN.rglob("*.html") if "templates" in path.relative_to(build.LEARN).parts
)
REFUSED = {
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "inline script": re.compile(  # a data block (https://html.spec.whatwg.org/#data-block) is no script
        r"<script(?![^>]*\bsrc=|\stype=\"application/ld\+json\")", re.IGNORECASE
    ),
    "script without nonce": re.compile(r"<script(?![^>]*\bnonce=)", re.IGNORECASE),
    "hx-on": re.compile(r"hx-on", re.IGNORECASE),
    "filter in hx-trigger": re.compile(r"hx-trigger=\"[^\"]*\[", re.IGNORECASE),
    "script in an hx attribute": re.compile(r"(?:javascript|\bjs):", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
    "foreign host": re.compile(r"(?:src|href)=\"(?:https?:)?//", re.IGNORECASE),
    "plain address of a built file": re.compile(r"/static/"),
}
PLANTED = {
    "inline style": '<p style="color:red">',
    "event attribute": '<p class="a" onclick="x()">',
    "inline script": '<script nonce="x">alert(1)</script>',
    "script without nonce": '<script src="/a.js"></script>',
    "hx-on": '<p hx-on:click="x">',
    "filter in hx-trigger": '<p hx-trigger="keyup[ctrlKey]">',
    "script in an hx attribute": "<p hx-vals='js:{a: 1}'>",
    "unescaped output": "{{ text | safe }}",
    "foreign host": '<img src="//example.org/a.png">',
    "plain address of a built file": '<link href="/static/app.css">',
}
HOOKS = {"sc-lessonbody", "sc-resume__next", "sc-two__main"}  # names without a style of their own
EXEMPT = {("500.html", "plain address of a built file"), ("503.html", "plain address of a built file")}


@pytest.mark.parametrize("rule", REFUSED)
def test_templates_keep_the_rule(rule: str) -> None:
    broken = [
        f"{path.name}: {found[0]}"
        for path in TEMPLATES
        if (path.name, rule) not in EXEMPT
        and (found := REFUSED[rule].search(path.read_text(encoding="utf-8")))
    ]
    assert broken == []


@pytest.mark.parametrize("rule", REFUSED)
def test_the_rule_bites(rule: str) -> None:
    assert REFUSED[rule].search(PLANTED[rule])


def test_icons_are_exactly_those_that_templates_name() -> None:
    known = set(json.loads((build.ASSETS / "icons.json").read_text(encoding="utf-8")))
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES]
    called = {name for text in texts for name in re.findall(r"\bicon\(\"(\w+)\"", text)}
    quoted = {name for text in texts for name in re.findall(r"\"(\w+)\"", text)}
    assert called <= known, "not in icons.json"
    assert known <= quoted, "not used by any template"


def test_every_class_of_ours_in_a_template_is_styled() -> None:
    sheets = "".join(
        path.read_text(encoding="utf-8") for path in sorted((build.ASSETS / "styles").rglob("*.css"))
    )
    styled = set(re.findall(r"\.(sc-[\w-]+)", sheets))
    used = {
        name
        for path in TEMPLATES
        for value in re.findall(r"class=\"([^\"{]*)", path.read_text(encoding="utf-8"))
        for name in re.findall(r"(?<![\w-])sc-[\w-]+(?![\w-])", value)
    }
    assert {name for name in used if not name.endswith("-")} - styled - HOOKS == set()
