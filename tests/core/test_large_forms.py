"""Many large forms slow other pages little: one at a time, and no more than anybody types."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from learn.core import large_forms
from learn.core.limits import Limit
from learn.core.pace import Pace
from tests.client import CheckingClient

FORM = "application/x-www-form-urlencoded"


def test_large_forms_are_taken_apart_one_at_a_time(reader: CheckingClient) -> None:
    sent = threading.Event()

    def send() -> int:
        sent.set()
        body = b"email=a%40example.org&password=" + b"%0A" * large_forms.PIECE
        return reader.post("/anmelden", data=body, content_type=FORM).status_code

    with ThreadPoolExecutor(1) as pool, large_forms.TAKING_APART:
        waiting = pool.submit(send)
        sent.wait(10)
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        large_forms.TAKING_APART.release()
        assert waiting.result(20) in {400, 422}
        large_forms.TAKING_APART.acquire()


@pytest.mark.usefixtures("in_one_window")
def test_what_is_too_much_is_refused_before_it_is_taken_apart(
    reader: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_forms, "PIECES", Pace(Limit("probe", tries=7, seconds=60_000)))
    body = b"body=" + b"%0A" * large_forms.PIECE  # three pieces as it is sent

    def sent(body: bytes) -> int:
        own = {"Origin": "http://localhost"}
        return reader.post("/notizen", data=body, content_type=FORM, headers=own).status_code

    assert [sent(body) for _ in range(2)] == [303, 303]
    with large_forms.TAKING_APART:
        answer = reader.post("/notizen", data=body, content_type=FORM)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert sent(b"body=kurz") == 303, "what others send at once stays possible"
