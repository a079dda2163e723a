"""The Carpentries' older form: kinds below quotes and code."""

from tests.courses.foreign.converted import body, text


def test_quotes_and_code_take_the_kind_below_them() -> None:
    assert body(
        """
        > ## Zählen
        >
        > ~~~
        > > wc
        > ~~~
        > {: .language-bash}
        >
        > > ## Lösung
        > > Drei.
        > {: .solution}
        {: .challenge}

        ~~~
        3
        ~~~
        {: .output}
        Danach
        """,
        "carpentries",
    ) == text("""
        > [!NOTE]
        > **Challenge: Zählen**
        >
        > ~~~bash
        > > wc
        > ~~~
        >
        > <details>
        > <summary>Solution: Lösung</summary>
        >
        > Drei.
        >
        > </details>

        ~~~output
        3
        ~~~
        Danach
    """)


def test_other_attributes_go_and_the_quote_stays() -> None:
    assert body("> a\n{: .zitat}\n\n[b](c){:target='_blank'} d", "carpentries") == "> a\n\n[b](c) d"


def test_elsewhere_they_are_text() -> None:
    assert body("> a\n{: .challenge}") == "> a\n{: .challenge}"
