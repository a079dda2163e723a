"""Code blocks."""

import pytest

from learn.markup.extensions.code import FAST, SLOW, lexer
from tests.markup.support import html


def test_a_known_language_is_highlighted() -> None:
    assert html("```python\nimport os\n```") == (
        '<pre tabindex="0"><code class="language-python">'
        '<span class="kn">import</span> <span class="nn">os</span>\n</code></pre>'
    )


@pytest.mark.parametrize("info", ["", "unbekannt", "text"])
def test_other_code_is_plain(info: str) -> None:
    assert "<span" not in html(f"```{info}\nimport <os> & *x*\n```")
    assert "import &lt;os&gt; &amp; *x*\n</code>" in html(f"```{info}\nimport <os> & *x*\n```")


def test_long_code_is_plain() -> None:
    assert "<span" not in html("```python\n" + "x = 1\n" * 4000 + "```")


def test_code_in_a_slow_language_is_plain_sooner() -> None:
    assert "<span" in html("```c\n" + "int x;\n" * 400 + "```")
    assert "<span" not in html("```c\n" + "int x;\n" * 500 + "```")


def test_tabs_and_blank_lines_stay() -> None:
    assert ">a:\n\tb\n\n\n</code>" in html("```\na:\n\tb\n\n\n```")


def test_every_known_language_exists() -> None:
    assert [name for name in sorted(FAST | SLOW) if lexer(name) is None] == []
