"""The yardstick: a bare Flask view that reads one row by key and renders a Jinja page of a given size."""

import sys
from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from waitress import serve

BASE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title></head>
<body><nav><a href="{{ url_for('page', size=1000) }}">Start</a></nav>
<main>{% block main %}{% endblock %}</main></body></html>
"""
PAGE = """{% extends "base.html" %}
{% block title %}{{ row.title }}{% endblock %}
{% block main %}<h1>{{ row.title }}</h1><ul>
{% for number in range(count) %}
<li><a href="/seite/{{ number }}">{{ row.title }}</a> {{ row.minutes }} min</li>
{% endfor %}</ul>{% endblock %}
"""
ROW_BYTES = 71  # one rendered line of PAGE
FRAME_BYTES = 260


class Base(DeclarativeBase):
    pass


class Row(Base):
    """What the view reads by key."""

    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    minutes: Mapped[int]


def application(database: Path) -> Flask:
    """An app with one route, `/<bytes>`; its table holds 1,000 rows."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"base.html": BASE, "page.html": PAGE})
    engine = create_engine(f"sqlite:///{database}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Row(id=n, title=f"Eine Lektion & ihr Titel {n}", minutes=n % 15) for n in range(1000))
        session.commit()

    @app.get("/<int:size>")
    def page(size: int) -> str:
        with Session(engine) as session:
            row = session.get_one(Row, size % 1000)
            count = max(1, (size - FRAME_BYTES) // ROW_BYTES)
            return render_template("page.html", row=row, count=count)

    return app


if __name__ == "__main__":
    serve(
        application(Path(sys.argv[1])),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        threads=4,
        connection_limit=1000,
        channel_timeout=20,
        asyncore_use_poll=True,
    )
