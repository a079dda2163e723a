"""Liquid and other braces."""

import pytest

from tests.courses.foreign.converted import body, converted, said


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("[a]({{ site.baseurl }}/b)", "[a](/b)"),
        ("[a]({{ page.root }}{% link _episodes/01-b.md %})", "[a](_episodes/01-b.md)"),
        ("![a]({{ '/b.png' | relative_url }})", "![a](/b.png)"),
        ("[a]({{ page.url | relative_url }})", "[a]({{ page.url | relative_url }})"),
        ("{% highlight python %}\na\n{% endhighlight %}", "```python\na\n```"),
        ('{% include a.html b="<i>" %}', '{% include a.html b="\\<i>" %}'),
        ("`{{ a }}`", "`{{ a }}`"),
        ("{{%/* a */%}}", "{{%/* a */%}}"),
    ],
)
def test_liquid(source: str, wanted: str) -> None:
    assert body(source) == wanted


def test_what_is_left_is_named_with_its_line() -> None:
    found = converted("{{ site.title }}\n\n{% raw %} [[Seite]]\na\n{: .b}")
    assert said(found) == [
        ("K601", 1, "{{ site.title }}"),
        ("K601", 3, "{% raw %}"),
        ("K601", 3, "[[Seite]]"),
        ("K601", 5, "{: .b}"),
    ]
