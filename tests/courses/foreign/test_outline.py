"""Levels of headings."""

from learn.courses.foreign import outline
from learn.courses.foreign.lines import Lines


def test_no_heading_becomes_the_title_of_a_text_that_has_none() -> None:
    lines, faults = outline.levelled(Lines.of("### Kapitel 1\n\n# Grund\n\n## Mehr"), titled=False)
    assert lines.joined == "## Kapitel 1\n\n## Grund\n\n### Mehr"
    assert [fault.code for fault in faults] == ["K504"]


def test_headings_stay_where_one_of_level_1_follows_words() -> None:
    lines, _ = outline.levelled(Lines.of("Text\n\n# Grund\n\n## Mehr"), titled=False)
    assert lines.joined == "Text\n\n# Grund\n\n## Mehr"
