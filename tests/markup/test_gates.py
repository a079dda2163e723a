"""Either gate holds alone, and what else the last step of rendering decides about addresses and ids."""

import threading

import pytest

from learn.markup import sanitise

HOSTILE = (
    '<b onclick="x" style="y">a</b><script>b</script><a href="javascript:c">d</a><form><input type="text">'
    '</form><img src="https://a.example/x.png"><h1>e</h1><p class="sc-btn">f</p><table><caption>g</caption>'
    "</table><!-- h --><math><mi>i</mi></math><style>j</style>"
)
HARMLESS = (
    '<aside class="sc-callout sc-callout--tip" role="note"><p class="sc-callout__h">Tipp</p></aside>'
    '<picture><source media="(max-width: 40rem)" srcset="/medien/ab.svg" width="1" height="2">'
    '<img src="/medien/ab.png" alt="a" width="1" height="2" loading="lazy"></picture>'
    '<a class="sc-term" href="/vokabelheft/a">a</a><a href="mailto:a@b.example" rel="noopener">b</a>'
    '<a href="tel:1">c</a><a href="https://a.example" title="t" lang="de" dir="ltr">d</a>'
    '<li class="sc-tick"><input type="checkbox" disabled="" checked="" aria-label="erledigt"> e</li>'
    '<div class="sc-tablewrap" role="region" tabindex="0" aria-labelledby="tab-1"><table>'
    '<caption id="tab-1">T</caption><tbody><tr><th scope="row" class="sc-center">x</th>'
    '<td colspan="2" rowspan="3" class="sc-right">y</td></tr></tbody></table></div>'
    '<ol start="3"><li>z</li></ol><details class="sc-details" open=""><summary>S</summary></details>'
    '<pre tabindex="0"><code class="language-c++"><span class="kn">k</span></code></pre>'
    '<section class="sc-footnotes" aria-label="Fußnoten"><span class="sc-var" data-var="a">v</span></section>'
)
FORBIDDEN = ("onclick", "style", "script", "<form", "https:", "<h1", "sc-btn", "<!--", "<math", 'type="text"')


def gates() -> sanitise._Gates:
    """As a thread makes them at its first text."""
    found: list[sanitise._Gates] = []
    thread = threading.Thread(target=lambda: found.append(sanitise._Gates()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("name", ["bleach", "nh3"])
def test_either_gate_alone_lets_nothing_hostile_through(name: str) -> None:
    cleaned = getattr(sanitise._Gates(), name).clean(HOSTILE)
    assert not [part for part in FORBIDDEN if part in cleaned]
    assert "<b>a</b>" in cleaned
    assert "<caption>g</caption>" in cleaned


@pytest.mark.parametrize("name", ["bleach", "nh3"])
def test_either_gate_alone_keeps_what_we_make(name: str) -> None:
    cleaned = getattr(sanitise._Gates(), name).clean(HARMLESS)
    assert cleaned.replace('=""', "") == HARMLESS.replace('=""', "")
    assert sanitise.sanitise(HARMLESS) == sanitise.sanitise(cleaned)


def test_the_last_gate_drops_content_that_is_no_text_and_judges_schemes_itself() -> None:
    nh3 = sanitise._Gates().nh3
    assert nh3.clean("a<script>b</script><style>c</style><noscript>d</noscript>e") == "ae"
    assert nh3.clean("<template><b>x</b></template>y") == "y"
    assert nh3.clean('<a href="data:text/html,x">x</a>') == "<a>x</a>"
    bare = sanitise._last_gate(lambda _tag, _name, value: value)
    assert (
        bare.clean('<a href="data:text/html,x">x</a><a href="tel:1">y</a>') == '<a>x</a><a href="tel:1">y</a>'
    )


def test_each_thread_has_gates_of_its_own() -> None:
    assert gates().bleach is not sanitise._gates.bleach
    assert gates().nh3 is not sanitise._gates.nh3


@pytest.mark.parametrize(
    "address", ["ht\ttps://a.example", "a#b:c#d", "a?b:c?d", "a/b:c/d", "\u200b/a", "./a:b"]
)
def test_addresses_that_lead_somewhere(address: str) -> None:
    assert sanitise.address_ok(address)


@pytest.mark.parametrize("address", ["a\u200b:b/c", "x:y#z", "x:y?z", "%:a", "\\/a", " \n//a"])
def test_addresses_that_might_run_something(address: str) -> None:
    assert not sanitise.address_ok(address)


@pytest.mark.parametrize(
    ("tag", "name", "value"),
    [
        ("div", "role", "button"),
        ("p", "id", "aufgabe-x"),
        ("p", "id", "s-"),
        ("p", "id", "x s-a"),
        ("p", "title", "a<b"),
        ("p", "lang", "de_DE"),
        ("p", "dir", "up"),
        ("p", "class", ""),
        ("p", "class", "sc-callout__h sc-btn"),
        ("p", "class", "kn"),
        ("span", "class", "sc-callout__h"),
        ("span", "data-var", "a b"),
        ("img", "width", "123456"),
        ("img", "loading", "eager"),
        ("ol", "start", "-1"),
        ("source", "srcset", "/medien/a.svg 2x"),
        ("input", "aria-label", "x"),
        ("a", "rel", "opener"),
    ],
)
def test_values_that_may_not_be(tag: str, name: str, value: str) -> None:
    assert not sanitise.allowed(tag, name, value)


def test_plain_text_takes_the_short_way_with_the_same_result() -> None:
    for text in ("1 > 0", "a\xa0b", "a\nb\tc"):
        gate = sanitise._Gates()
        assert sanitise.sanitise(text) == gate.nh3.clean(gate.bleach.clean(text))


class Restless:
    """A gate that never gives the same twice."""

    def __init__(self) -> None:
        self.calls = 0

    def clean(self, text: str) -> str:
        self.calls += 1
        return f"{text}<i>{self.calls}</i>"


def test_what_never_comes_to_rest_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Restless()
    monkeypatch.setattr(sanitise._gates, "nh3", gate)
    assert sanitise.sanitise('<b>a "q" &amp; b</b>') == 'a "q" &amp; b1357'
    assert gate.calls == 8


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<h2 id="s-a">x</h2>', '<h2 id="les_1-s-a">x</h2>'),
        ('<a href="#fn-1">x</a><a href="/a#b">y</a>', '<a href="#les_1-fn-1">x</a><a href="/a#b">y</a>'),
        ('<p title="#a">x</p>', '<p title="#a">x</p>'),
        ('<div aria-label="Tabelle 1">x</div>', '<div aria-label="Tabelle 1, Ort &quot;A&quot;">x</div>'),
        (
            '<section aria-label="Fußnoten">x</section>',
            '<section aria-label="Fußnoten, Ort &quot;A&quot;">x</section>',
        ),
        ('<a aria-label="Fußnote 1">x</a>', '<a aria-label="Fußnote 1">x</a>'),
        ('<div aria-labelledby="tab-1">x</div>', '<div aria-labelledby="les_1-tab-1">x</div>'),
        ('<p onclick="x" class="sc-callout__h">x</p>', '<p class="sc-callout__h">x</p>'),
        ("1 &gt; 0 &nbsp;", "1 &gt; 0 &nbsp;"),
        ("1 > 0", "1 > 0"),
    ],
)
def test_ids_get_a_prefix_and_regions_their_place(before: str, after: str) -> None:
    assert sanitise.prefixer("les_1-", 'Ort <"A">')(before) == after


def test_without_a_place_regions_keep_their_names() -> None:
    assert sanitise.prefixer("x-")('<div aria-label="a">b</div>') == '<div aria-label="a">b</div>'


@pytest.mark.parametrize(
    ("html", "words"),
    [("<b>a</b> &amp; b", "a & b"), ("<i>a</i> < b", "a < b"), ("<", "<"), ("", ""), ("a<br>b", "ab")],
)
def test_bare_text_is_the_words_without_tags(html: str, words: str) -> None:
    assert sanitise.bare_text(html) == words
