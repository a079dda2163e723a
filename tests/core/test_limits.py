"""Sizes are capped before parsing; tries are counted for all processes together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from learn.config import Config
from learn.core import clock, limits
from learn.core.db import Database
from learn.core.limits import Limit
from learn.core.models import Throttle
from tests.client import CheckingClient

FORM = "application/x-www-form-urlencoded"
THREE = Limit("probe", tries=3, seconds=600)


@pytest.mark.parametrize("body", [b"body=" + b"x" * (1024 * 1024), b"a=1&" * 1001, b"&" * 60_000])
def test_too_much_is_refused_before_it_is_parsed(reader: CheckingClient, body: bytes) -> None:
    assert reader.post("/anmelden", data=body, content_type=FORM).status_code == 413


def test_too_many_parts_are_refused(reader: CheckingClient) -> None:
    parts = {f"f{number}": "x" for number in range(1100)}
    answer = reader.post("/anmelden", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_long_query_is_refused(reader: CheckingClient) -> None:
    assert reader.get("/anmelden?" + "a&" * 1100).status_code == 413


def test_what_fits_is_read(reader: CheckingClient) -> None:
    body = b"a=1&" * 900 + b"body=" + b"x" * 1_000_000
    answer = reader.post("/notizen", data=body, content_type=FORM, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303


@pytest.mark.parametrize("address", ["/kurse?q=%00", "/vokabelheft/a%00b", "/anmelden?weiter=%00", "/%00"])
def test_addresses_with_nul_are_refused(reader: CheckingClient, address: str) -> None:
    assert reader.get(address).status_code == 400


@pytest.mark.parametrize("kind_of_form", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_forms_with_nul_are_refused(reader: CheckingClient, kind_of_form: str) -> None:
    form = {"email": "a\x00@example.org", "password": "x", "csrf_token": reader.token()}
    assert reader.post("/anmelden", data=form, content_type=kind_of_form).status_code == 400


def test_bytes_that_are_no_text_do_no_harm(reader: CheckingClient) -> None:
    assert reader.get("/kurse?q=%ff%fe").status_code == 200
    assert reader.get("/vokabelheft/%ff").status_code == 404
    body = b"email=%ff%fe&password=%c0&csrf_token=" + reader.token().encode()
    assert reader.post("/anmelden", data=body, content_type=FORM).status_code == 422


def test_tries_run_out_and_come_back(small: Flask) -> None:
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    with small.test_request_context("/", method="POST"):
        with time_machine.travel(start, tick=False):
            for _ in range(3):
                limits.spend((THREE, "jemand"))
            with pytest.raises(limits.TooMany) as refused:
                limits.spend((THREE, "jemand"))
            limits.spend((THREE, "jemand anders"))
        assert refused.value.wait == pytest.approx(600, abs=2)
        with time_machine.travel(start + timedelta(seconds=601), tick=False):
            limits.spend((THREE, "jemand"))


def test_rows_name_nobody(small: Flask) -> None:
    with small.test_request_context("/", method="POST"):
        limits.spend((THREE, "jana@example.org"))
    with small.extensions["learn.database"].current().reading() as session:
        row = session.scalars(select(Throttle)).one()
    assert "jana" not in row.key
    assert len(row.key) == 64


def test_keys_change_daily() -> None:
    today = limits.keyed("jana", "geheim")
    assert limits.keyed("jana", "geheim") == today
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert limits.keyed("jana", "geheim") != today


def test_no_try_is_lost_between_threads(instance: Config) -> None:
    database = Database.of(instance)

    def one_try(_number: int) -> int:
        with database.writing() as session:
            return limits.count(session, THREE, "jemand", "geheim")[0]

    with time_machine.travel(clock.now(), tick=False), ThreadPoolExecutor(8) as threads:
        counted = list(threads.map(one_try, range(40)))
    assert sorted(counted) == list(range(1, 41))
    database.dispose()


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unsinn", "unknown"),
    ],
)
def test_sources(small: Flask, address: str, source: str) -> None:
    with small.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert limits.source() == source
