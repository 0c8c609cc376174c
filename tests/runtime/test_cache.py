"""The store: what goes in comes out, unless it is damaged or may be somebody else's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.runtime import cache
from d2bpf.runtime.cache import Store, key_digest, sha256

KEY = key_digest("text", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "d2bpf"
    path.mkdir(mode=0o700)
    return path


def entry(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def test_digest_is_sha256() -> None:
    assert sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.lists(st.text()), st.lists(st.text()))
def test_different_lists_have_different_keys(left: list[str], right: list[str]) -> None:
    assert (key_digest(*left) == key_digest(*right)) == (left == right)


def test_key_is_stable() -> None:
    assert key_digest("a", 1, b"b").hex() == sha256(b"1:a1:11:b").hex()


def test_key_takes_any_text() -> None:
    assert key_digest("\udcff") != key_digest("\udcfe")


def test_what_was_put_is_got(folder: Path) -> None:
    store = Store(str(folder))
    store.put("bpf", KEY, b"content")
    assert store.get("bpf", KEY) == b"content"
    assert store.get("plan", KEY) is None
    assert store.get("bpf", key_digest("other")) is None
    assert entry(folder).name == f"bpf-{KEY.hex()}"
    assert entry(folder).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["", "cut", "flip", "magic", "other key"])
def test_damaged_entry_is_dropped_and_replaced(folder: Path, damage: str) -> None:
    store = Store(str(folder))
    store.put("bpf", KEY, b"content")
    data = bytearray(entry(folder).read_bytes())
    if damage == "":
        data = bytearray()
    elif damage == "cut":
        del data[-1]
    elif damage == "flip":
        data[-1] ^= 1
    elif damage == "magic":
        data[0] ^= 1
    else:
        entry(folder).rename(folder / f"bpf-{key_digest('other').hex()}")
    if damage == "other key":
        assert store.get("bpf", key_digest("other")) is None
    else:
        entry(folder).write_bytes(data)
        assert store.get("bpf", KEY) is None
    assert list(folder.iterdir()) == []
    store.put("bpf", KEY, b"again")
    assert store.get("bpf", KEY) == b"again"


def test_entry_that_others_may_write_is_not_read(folder: Path) -> None:
    store = Store(str(folder))
    store.put("bpf", KEY, b"content")
    entry(folder).chmod(0o622)
    assert store.get("bpf", KEY) is None


def test_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    store = Store(str(folder))
    store.put("bpf", KEY, b"content")
    moved = tmp_path / "elsewhere"
    name = entry(folder)
    name.rename(moved)
    name.symlink_to(moved)
    assert store.get("bpf", KEY) is None


def test_fifo_does_not_hang(folder: Path) -> None:
    os.mkfifo(folder / f"bpf-{KEY.hex()}", 0o600)
    assert Store(str(folder)).get("bpf", KEY) is None


def test_folder_in_the_place_of_an_entry_is_let_be(folder: Path) -> None:
    (folder / f"bpf-{KEY.hex()}").mkdir()
    store = Store(str(folder))
    assert store.get("bpf", KEY) is None
    store.put("bpf", KEY, b"content")
    assert entry(folder).is_dir()


def test_folder_that_others_may_write_is_not_used(folder: Path) -> None:
    folder.chmod(0o777)
    store = Store(str(folder))
    assert store.path is None
    store.put("bpf", KEY, b"content")
    assert list(folder.iterdir()) == []


@pytest.mark.needs("root")
def test_folder_of_another_user_is_not_used(folder: Path) -> None:
    os.chown(folder, 65534, 65534)
    assert Store(str(folder)).path is None


def test_no_folder_keeps_nothing() -> None:
    store = Store(None)
    store.put("bpf", KEY, b"content")
    assert store.get("bpf", KEY) is None


def test_folder_that_vanished_fails_nothing(folder: Path) -> None:
    store = Store(str(folder))
    folder.rmdir()
    store.put("bpf", KEY, b"content")
    assert store.get("bpf", KEY) is None


def test_oldest_entries_go_first(folder: Path) -> None:
    store = Store(str(folder), limit=3000)
    keys = [key_digest(i) for i in range(4)]
    for age, key in enumerate(keys[:3]):
        store.put("bpf", key, bytes(900))
        os.utime(folder / f"bpf-{key.hex()}", (1000 + age, 1000 + age))
    store.put("bpf", keys[3], bytes(900))
    assert [store.get("bpf", key) is not None for key in keys] == [False, True, True, True]


def test_entry_beyond_the_limit_is_not_kept(folder: Path) -> None:
    store = Store(str(folder), limit=100)
    store.put("bpf", KEY, bytes(101))
    assert list(folder.iterdir()) == []


def test_directory_prefers_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a/b"))
    assert cache.directory() == str(tmp_path / "a/b/d2bpf")
    assert (tmp_path / "a/b/d2bpf").stat().st_mode & 0o777 == 0o700


def test_directory_ignores_a_relative_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.directory() == str(tmp_path / ".cache/d2bpf")


@pytest.mark.needs("root")
def test_directory_makes_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nonexistent"))
    assert cache.directory() != str(tmp_path / "nonexistent/.cache/d2bpf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("root")
def test_directory_leaves_another_users_home_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    os.chown(tmp_path, 65534, 65534)
    assert cache.directory() != str(tmp_path / ".cache/d2bpf")
    assert list(tmp_path.iterdir()) == []
