"""Commands run inside the test process, on an instance of their own."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from learn import cli
from learn.config import Config


@dataclass(frozen=True)
class Said:
    """Exit code and both outputs of a command."""

    code: int
    out: str
    err: str


Learn = Callable[..., Said]


@pytest.fixture
def learn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Learn:
    """Run a command with the settings of `config` (none: those of the environment)."""

    def run(*words: str, config: Config | None = None, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            if config is not None:
                patch.setenv("LEARN_INSTANCE", str(config.instance))
                patch.setenv("LEARN_DATABASE_URL", config.database_url)
            for name, value in settings.items():
                patch.setenv(name, value)
            code = cli.run(words)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run
