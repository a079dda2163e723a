"""Reads the forms of a page as a browser would send them."""

import html
import re
from collections.abc import Iterator


def forms(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Action and hidden fields of each form."""
    for action, body in re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL):
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', body)
        yield html.unescape(action), dict(fields)


def form(page: str, end: str, **wanted: str) -> tuple[str, dict[str, str]]:
    """The first form whose address ends so and which carries these hidden fields; without its token."""
    for action, fields in forms(page):
        path = action.partition("?")[0].partition("#")[0]
        if path.endswith(end) and wanted.items() <= fields.items():
            fields.pop("csrf_token")
            if "exercise" in fields and "exercise" not in wanted:
                continue
            return action, fields
    raise AssertionError(f"no form for {end}")
