"""Video links."""

from tests.markup.support import faults, flat, lesson

SOURCE = "[Video: Montage (2:30)](https://v.example/m)\n\n<details>\n<summary>Abschrift</summary>\n\nx\n\n</details>"


def test_a_video_is_a_link_with_its_transcript() -> None:
    assert flat(SOURCE) == (
        '<figure class="sc-video"><p><a href="https://v.example/m" rel="noopener">Video: Montage (2:30)</a> '
        "<small>auf v.example</small></p>"
        '<details class="sc-details"><summary>Abschrift</summary><p>x</p></details></figure>'
    )


def test_a_missing_transcript_is_reported() -> None:
    assert faults("Text\n\n[Video: M](https://v.example/m)\n\nText") == [("K508", 3)]


def test_other_links_stay_links() -> None:
    for source in ("Ein [Video: M](https://v.example/m)", "[Film](https://v.example/m)"):
        assert "<figure" not in str(lesson(source).parts)
