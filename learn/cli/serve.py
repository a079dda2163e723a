"""`learn serve` and `learn worker`: one listening socket, server processes and the background worker."""

import logging
import resource
import socket
import sys
import time
from functools import partial
from importlib import import_module
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers
from waitress import wasyncore
from waitress.server import create_server

from learn import create_app
from learn.accounts import erasure
from learn.cli import bodies
from learn.cli.instance import opened, state
from learn.cli.memory import give_back
from learn.cli.processes import GRACE, Group, Stop, alone
from learn.config import Config
from learn.core import cleaning, copies, jobs, logs, mail
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.health import SENTENCES
from learn.courses import upkeep
from learn.courses.takeaway import files as takeaway

WITH_JOBS = (cleaning, copies, erasure, mail, takeaway, upkeep)  # importing a module registers its jobs
BACKLOG = 1024
CONNECTIONS = 1000
SWITCH = 0.0005  # seconds a thread may compute while others wait: one long text shall not slow every page
SERVER = {
    "threads": 4,
    "connection_limit": CONNECTIONS,  # 100, the default, failed beside 150 half-open connections
    "channel_timeout": 20,
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,
    "max_request_body_size": bodies.LIMIT,
    "ident": None,
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse, auf der gelauscht wird.")
@click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: ein freier."
)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Serverprozesse.")
@click.option("--no-worker", is_flag=True, help="Ohne den Arbeiter im Hintergrund.")
def serve(host: str, port: int, processes: int, no_worker: bool) -> None:
    """Den Server starten, samt Arbeiter im Hintergrund."""
    listening = listen(host, port)
    config = Config.from_env(port=listening.getsockname()[1])
    mail.transport(config)
    alone(partial(prepare, config))
    run(config, listening, processes=processes, with_worker=not no_worker)


@click.command()
def worker() -> None:
    """Nur den Arbeiter im Hintergrund starten."""
    config = Config.from_env()
    mail.transport(config)
    Group({"worker": partial(work, config)}, partial(_died, config)).run()


def listen(host: str, port: int) -> socket.socket:
    """Bind the listening socket; Refused when the port is taken or the address is not ours."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as problem:
        raise Refused(
            f"{host}:{port} lässt sich nicht öffnen ({problem.strerror}). Nehmen Sie einen anderen --port."
        ) from problem
    listening.listen(BACKLOG)
    return listening


def prepare(config: Config) -> int:
    """Set up an empty database; one that is behind or ahead stays as it is and 503 is answered."""
    try:
        with opened(config, check=False) as database:
            found = state(database)
            if found == "empty":
                import_module("learn.core.migrate").upgrade(database)  # Alembic stays out of the servers
            elif found != "current":
                click.echo(SENTENCES[found], err=True)
    except DBAPIError:
        click.echo("Die Datenbank antwortet nicht. Der Server meldet 503, bis sie es tut.", err=True)
    return 0


def run(config: Config, listening: socket.socket, *, processes: int, with_worker: bool) -> None:
    """Fork the servers and the worker and stay until asked to stop."""
    _allow_connections()
    give_back()
    configure_mappers()
    app = create_app(config)
    app.url_map.update()
    parts = {f"server {number + 1}": partial(answer, app, listening) for number in range(processes)}
    if with_worker:
        parts["worker"] = partial(work, config)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Läuft auf http://{shown}:{port} – Ende mit Strg+C.")
    sys.stdout.flush()
    Group(parts, partial(_died, config)).run()
    listening.close()


def answer(app: Flask, listening: socket.socket, stop: Stop) -> None:
    """Serve until asked to stop, then let running requests end."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sys.setswitchinterval(SWITCH)
    server: Any = create_server(app, sockets=[listening], **SERVER)
    server.channel_class = bodies.Channel
    while not stop.asked:
        _turn(server, 0.5)
    server.del_channel()  # accepts nobody from here on
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and any(map(_running, list(server.active_channels.values()))):
        _turn(server, 0.05)
    server.task_dispatcher.shutdown(timeout=1)


def work(config: Config, stop: Stop) -> None:
    """Do due jobs until asked to stop."""
    database = Database.of(config)
    jobs.Worker(jobs.Work(config, database), logs.logger(config.log)).run(stop)
    database.dispose()


def _turn(server: Any, seconds: float) -> None:
    wasyncore.loop(timeout=seconds, map=server._map, use_poll=True, count=1)  # noqa: SLF001 - no public name


def _running(channel: Any) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)


def _allow_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(4 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _died(config: Config, name: str, code: int) -> None:
    if name == "worker" and code == 0:
        return  # it made room for a smaller one
    logs.logger(config.log).error("process ended and is started again", process=name, code=code)
