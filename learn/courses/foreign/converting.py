"""A foreign text in our dialect: which conversions its kind needs, in order."""

from learn.courses.foreign.model import Converted, Foreign


def convert(text: Foreign) -> Converted:
    """The text in our dialect; every visible word stays, in order. Raises on no input."""
    return Converted(body=text.body)
