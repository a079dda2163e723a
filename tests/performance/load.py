"""A small load generator: keep-alive connections on loopback, and the CPU a server spends on them."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds: the kernel counts no finer


@dataclass(frozen=True)
class Call:
    """One request: method, path, body and headers (cookie included); `expect` is its status."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    expect: int = 200


@dataclass(frozen=True)
class Cost:
    """What requests cost: CPU milliseconds of the server each, requests per second, bytes of an answer."""

    cpu_ms: float
    per_second: float
    size: int


class Server:
    """A server process with its children, on a port of loopback."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.root = psutil.Process(process.pid)

    def cpu(self) -> float:
        """CPU seconds of all its processes, kernel and user."""
        total = 0.0
        for each in (self.root, *self.root.children(recursive=True)):
            times = each.cpu_times()
            total += times.user + times.system
        return total

    def memory(self) -> list[float]:
        """Proportional set sizes of its processes, in megabytes, the parent's first."""
        processes = (self.root, *self.root.children(recursive=True))
        return [each.memory_full_info().pss / 1e6 for each in processes]


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(
    command: Callable[[int], Sequence[str]], env: dict[str, str], log: Path, ready: str = "/healthz"
) -> Iterator[tuple[Server, float]]:
    """Start `command(port)`, wait for its first answer, and yield it with the seconds that took."""
    port = free_port()
    with log.open("ab") as output:
        begun = time.monotonic()
        process = subprocess.Popen(command(port), env=env, stdout=output, stderr=output)
    try:
        while not answers(port, ready):
            if process.poll() is not None or time.monotonic() - begun > 60:
                raise RuntimeError(f"server did not start, see {log}")
            time.sleep(0.02)
        yield Server(process, port), time.monotonic() - begun
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int, path: str) -> bool:
    """Whether the address answers 200."""
    try:
        return Client(port).send(Call(path))[0] == 200
    except OSError:
        return False


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        headers = dict(call.headers)
        if call.method == "POST":
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        self.connection.request(call.method, call.path, call.body or None, headers)
        answer = self.connection.getresponse()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()

    def checked(self, call: Call) -> bytes:
        status, _headers, body = self.send(call)
        if status != call.expect:
            raise RuntimeError(f"{call.method} {call.path}: {status} instead of {call.expect}")
        return body


def measure(server: Server, calls: Sequence[Call], connections: int = 1) -> Cost:
    """Send all calls over that many connections at once."""
    shares = [calls[start::connections] for start in range(connections)]
    sizes: list[int] = []
    faults: list[BaseException] = []

    def work(share: Sequence[Call]) -> None:
        client = Client(server.port)
        try:
            sizes.extend(len(client.checked(call)) for call in share)
        except (OSError, RuntimeError, http.client.HTTPException) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(share,)) for share in shares if share]
    cpu, begun = server.cpu(), time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    if faults:
        raise faults[0]
    spent = max(server.cpu() - cpu, TICK)
    return Cost(spent * 1000 / len(calls), len(calls) / seconds, max(sizes))
