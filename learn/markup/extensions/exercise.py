"""Exercises: the text between `aufgabe` marks, without hand-in and without points."""

from learn.markup.model import Exercise
from learn.markup.output import Writer
from learn.markup.tree import Node, items


def exercise(node: Node, heading: str, slug: str, writer: Writer) -> Exercise:
    return Exercise(node.get("id") or "", heading, slug, writer.html(items(node)), node.line)
