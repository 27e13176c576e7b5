"""What a service needs on the machine: brought whole, or not at all."""

import subprocess
import tarfile
import zipfile
from dataclasses import replace

import psutil
import pytest

from lakebook import poll
from lakebook.errors import ServiceError
from lakebook.stack import build_info, part
from lakebook.timeouts import TIMEOUTS


def _gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_command_that_hangs_is_given_up_and_leaves_nothing_running(tmp_path, monkeypatch):
    monkeypatch.setattr(part, "TIMEOUTS", replace(TIMEOUTS, part=0.5))
    mark = tmp_path / "pid"
    slow = part.Part("slow", lambda: None, lambda: (("sh", "-c", f"sleep 600 & echo $! > {mark}; wait"),))
    with pytest.raises(ServiceError, match="slow could not be brought") as told:
        slow.install()
    assert "timed out" in told.value.got
    poll.until(lambda: _gone(int(mark.read_text())), what="what it started to be gone", deadline_seconds=5)


def test_what_a_command_says_is_told_where_it_fails():
    with pytest.raises(ServiceError) as told:
        part.Part("odd", lambda: None, lambda: (("sh", "-c", "echo no such thing >&2; exit 3"),)).install()
    assert told.value.got == "no such thing"


def test_the_commands_behind_one_that_fails_are_not_run(tmp_path):
    commands = (("false",), ("touch", str(tmp_path / "done")))
    with pytest.raises(ServiceError):
        part.Part("odd", lambda: None, lambda: commands).install()
    assert not (tmp_path / "done").exists()


def test_an_environment_whose_installation_was_broken_off_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv(part.CACHE_VARIABLE, str(tmp_path))
    made = part.environment("odd-1", "odd==1", module="odd")
    folder = tmp_path / "environments" / "odd-1"
    module = folder / "lib" / "python3.11" / "site-packages" / "odd"
    module.mkdir(parents=True)
    assert made.find() is None
    (folder / made.bring()[-1][-1]).touch()
    assert made.find() == module


def test_archives_are_unpacked_each_into_its_folder_and_are_there_only_once_all_are(tmp_path, monkeypatch):
    monkeypatch.setenv(part.CACHE_VARIABLE, str(tmp_path))
    made = part.archives("odd-1", ("server", "org.odd:odd-server:1:tar.gz"), ("plugin", "org.odd:odd:1:zip"))
    partial = tmp_path / "archives" / "odd-1.partial"
    clean, *steps, move = made.bring()
    subprocess.run(clean, check=True)
    partial.mkdir(parents=True)
    with tarfile.open(partial / "odd-server-1.tar.gz", "w:gz") as server:
        server.addfile(tarfile.TarInfo("odd-server-1/lib.jar"))
    with zipfile.ZipFile(partial / "odd-1.zip", "w") as plugin:
        plugin.writestr("odd-1/odd.jar", "")
    for step in steps:
        assert made.find() is None
        if step[0] != "mvn":
            subprocess.run(step, check=True)
    subprocess.run(move, check=True)
    found = {file.relative_to(made.find()).as_posix() for file in made.find().rglob("*") if file.is_file()}
    assert found == {"server/odd-server-1/lib.jar", "plugin/odd-1/odd.jar"}


@pytest.mark.parametrize("of", [part.go_binary, part.npm_package])
def test_what_was_brought_in_one_version_is_not_there_in_another(of, tmp_path, monkeypatch):
    monkeypatch.setenv(part.CACHE_VARIABLE, str(tmp_path))
    first, second = (of("odd", f"example.org/odd@{version}") for version in ("v1.0.0", "v2.0.0"))
    program = {part.go_binary: "bin/odd-v1.0.0/odd", part.npm_package: "npm/odd-v1.0.0/node_modules/.bin/odd"}[of]
    (tmp_path / program).parent.mkdir(parents=True)
    for file in (tmp_path / program, tmp_path / "npm" / "odd-v1.0.0" / "whole"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert (first.find(), second.find()) == (tmp_path / program, None)


def test_a_go_program_carries_its_version_and_what_is_none_does_not(tmp_path):
    lines = b"path\texample.org/odd\nmod\texample.org/odd\tv1.2.3\th1:abc=\ndep\texample.org/even\tv4.5.6\n"
    program, script, empty = (tmp_path / name for name in ("program", "script", "empty"))
    mark = b"\xff Go buildinf:"
    program.write_bytes(b"a mark in its code: " + mark + b"\0" * 300 + mark + b"\x08\x02" + b"\0" * 40 + lines)
    script.write_text("#!/bin/sh\nexit 3\n")
    empty.touch()
    assert [build_info.module_version(one) for one in (program, script, empty)] == ["v1.2.3", None, None]
