"""Files: whole or not there after a kill, synced, and never outside their folder."""

import os
import stat
import time
from pathlib import Path

import pytest

from learn.core.storage import Storage
from tests.faults.killer import killer

SETTING_UP = """
from pathlib import Path
from learn.core.storage import Storage
"""
SAVING = """
store = Storage(Path(sys.argv[1]))
for number in range(10**9):
    store.save("a/picture.bin", bytes([number % 251]) * 300_000)
"""
KILLS = 60


def test_save_open_keys_delete(tmp_path: Path) -> None:
    store = Storage(tmp_path / "files")
    store.save("ab.svg", b"<svg/>")
    store.save("forum/7.webp", b"picture")
    store.save("ab.svg", b"<svg />")
    with store.open("ab.svg") as file:
        assert file.read() == b"<svg />"
    assert list(store.keys()) == ["ab.svg", "forum/7.webp"]
    assert stat.S_IMODE(store.path("ab.svg").stat().st_mode) == 0o600
    store.delete("ab.svg")
    store.delete("ab.svg")
    assert not store.exists("ab.svg")
    with pytest.raises(FileNotFoundError):
        store.open("ab.svg")


@pytest.mark.parametrize(
    "key", ["", "../x", "/etc/passwd", "a/../b", "a//b", ".hidden", "A", "a\n", "a\0", "a/"]
)
def test_keys_never_lead_outside(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        Storage(tmp_path).save(key, b"")


def test_a_failed_save_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Storage(tmp_path)
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        store.save("taken", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_sweep_removes_only_what_interrupted_writes_left(tmp_path: Path) -> None:
    store = Storage(tmp_path)
    store.save("kept", b"data")
    (tmp_path / ".new-abc").write_bytes(b"half")
    store.sweep(time.time() - 60)
    assert (tmp_path / ".new-abc").exists()
    store.sweep(time.time() + 60)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_save_syncs_the_file_before_and_the_folder_after_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def watched_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    Storage(tmp_path).save("a", b"data")
    assert steps == ["file", "rename", "folder"]


def test_kill_9_while_saving_tears_no_file(tmp_path: Path) -> None:
    target = tmp_path / "a" / "picture.bin"
    torn = 0
    with killer(SETTING_UP, SAVING, str(tmp_path)) as victim:
        for number in range(KILLS):
            victim.kill_after(0.01 + 0.0007 * number)
            if target.exists():
                data = target.read_bytes()
                torn += len(data) != 300_000 or len(set(data)) != 1
    assert target.exists()
    assert torn == 0
