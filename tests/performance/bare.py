"""The yardstick: a bare Flask view that reads one row by key and renders a Jinja page of a given size."""

import sys
from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine, text
from waitress import serve

PAGE = (
    "<!doctype html><html lang=de><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><ul>"
    "{% for number in range(rows) %}"
    '<li class="row"><a href="/kurse/{{ number }}">{{ title }}</a> <span>{{ minutes }} Minuten</span></li>\n'
    "{% endfor %}</ul></body></html>"
)
ROW_BYTES = 96  # one rendered row of PAGE


def application(database: Path) -> Flask:
    """An app with one route, `/<bytes>`; its table holds 1,000 rows."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE page (id INTEGER PRIMARY KEY, title TEXT, minutes INTEGER)"))
        connection.execute(
            text("INSERT INTO page (id, title, minutes) VALUES (:id, :title, :minutes)"),
            [{"id": n, "title": f"Eine Lektion & ihr Titel {n}", "minutes": n % 15} for n in range(1000)],
        )

    @app.get("/<int:size>")
    def page(size: int) -> str:
        with engine.connect() as connection:
            row = connection.execute(
                text("SELECT title, minutes FROM page WHERE id = :id"), {"id": size % 1000}
            ).one()
        return render_template(
            "page.html", title=row.title, minutes=row.minutes, rows=max(1, (size - 120) // ROW_BYTES)
        )

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
