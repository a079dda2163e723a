"""Pictures and figures."""

import pytest

from tests.markup.support import SHA, faults, flat, lesson

IMAGE = f'<img src="/medien/{SHA}.png" width="300" height="150" alt="Ein Bild" loading="lazy">'


def test_a_picture_alone_is_a_figure() -> None:
    assert flat("![Ein Bild](bilder/b.png)") == f'<figure class="sc-figure">{IMAGE}</figure>'


def test_its_title_is_the_caption() -> None:
    found = flat('![Ein Bild](bilder/b.png "Eigene Grafik, CC0")')
    assert found == f'<figure class="sc-figure">{IMAGE}<figcaption>Eigene Grafik, CC0</figcaption></figure>'


def test_a_narrow_form_comes_first_on_narrow_screens() -> None:
    found = flat("![Ein Bild](bilder/a.svg)")
    source = f'<source media="(max-width: 40rem)" srcset="/medien/{SHA[::-1]}.svg" width="340" height="420">'
    assert f"<picture>{source}<img" in found


def test_a_decorative_picture_has_empty_words_and_no_caption() -> None:
    found = flat('![](bilder/b.png "schmuck")')
    assert 'alt=""' in found
    assert "figcaption" not in found


def test_a_picture_among_words_stays_there() -> None:
    assert flat("Vor ![Ein Bild](bilder/b.png) nach") == f"<p>Vor {IMAGE} nach</p>"


def test_a_picture_in_a_tight_list_stays_there() -> None:
    assert flat("- ![Ein Bild](bilder/b.png)") == f"<ul><li>{IMAGE}</li></ul>"


def test_a_remote_picture_becomes_a_link() -> None:
    found = lesson("![Wappen](https://a.example/b.png)")
    assert [(fault.code, fault.line) for fault in found.faults] == [("K513", 1)]
    assert found.parts[0].html == (  # type: ignore[union-attr]  # an Html part
        '<p><a href="https://a.example/b.png" rel="noopener">Wappen</a></p>'
    )


def test_pictures_shown_are_listed_once_in_order() -> None:
    source = "![x](bilder/b.png)\n\n![x](bilder/a.svg)\n\n![x](bilder/b.png)"
    assert lesson(source).pictures == (f"/medien/{SHA}.png", f"/medien/{SHA}.svg", f"/medien/{SHA[::-1]}.svg")


@pytest.mark.parametrize(
    ("source", "code"),
    [("![](bilder/b.png)", "K502"), ("![x](bilder/fehlt.png)", "K501"), ("![x]()", "K501")],
)
def test_faults(source: str, code: str) -> None:
    assert faults(f"\n\n{source}\n") == [(code, 3)]


def test_authors_html_pictures_take_the_same_way() -> None:
    assert flat('<img src="bilder/b.png" alt="Ein Bild" width="9">') == IMAGE
    assert faults('<img src="bilder/fehlt.png" alt="x">') == [("K501", 1)]


def test_pictures_with_an_error_are_marked_for_the_preview() -> None:
    found = [str(lesson(source).parts) for source in ("![x](bilder/c.png)", "![](bilder/b.png)")]
    assert '<p><span class="sc-missing" title="bilder/c.png">x</span></p>' in found[0]
    assert '<img class="sc-missing" src="/medien/' in found[1]
    assert "sc-missing" not in flat('![](bilder/b.png "schmuck")')
