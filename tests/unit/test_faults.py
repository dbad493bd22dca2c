"""What goes wrong on real machines, made to happen: killed processes, full disks, folders that cannot be written, no network."""

import itertools
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import pytest
import torch

from latentwalk import checkpoints, data, models
from latentwalk.making import networks

NAME = "t10k-labels-idx1-ubyte"  # the smallest file of the pack
# From Python 3.12 on, fork warns of locks that torch's threads may hold. The children here only read and write files.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def network(seed):
    torch.manual_seed(seed)
    return models.VAE(2, 16, 144)


def save(seed, folder, **more):
    config = {"kind": "VAE", "latent_dim": 2, "hidden": 16, **more}
    networks.save("small", network(seed), config, {"recon": 1.0}, folder)


def is_stored(seed, folder) -> bool:
    stored = checkpoints.load("small", folder).state_dict()
    return all(torch.equal(stored[name], value.half().float()) for name, value in network(seed).state_dict().items())


STORED = ["small.json", "small.safetensors"]


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Child processes, and what befalls them


def in_child(function, *arguments) -> int:
    """How a child process that calls the function ends: 0, 1 with a traceback, or minus the signal that killed it."""
    if not (child := os.fork()):
        code = 1
        try:
            function(*arguments)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:  # also where the traceback cannot be written
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


STEPS = ("os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.chmod", "shutil.rmtree")
NOT_REACHED = 100


def at_step(number, act, function, *arguments):
    """Call the function, and ``act`` just before the step of that number in which it changes something on the disk."""
    steps, busy = itertools.count(1), False

    def watch(event, details):
        nonlocal busy
        writes = event == "open" and details[2] & (os.O_WRONLY | os.O_RDWR)
        if not busy and (event in STEPS or writes) and next(steps) == number:
            busy = True
            act()
            busy = False

    sys.addaudithook(watch)
    function(*arguments)
    if next(steps) <= number:
        os._exit(NOT_REACHED)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def with_small_files(limit, action, function, *arguments):
    """Call the function where no file can be longer than the limit; more ends in an error or, by default, in death."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, action)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    function(*arguments)


def refused(error, words, function, *arguments):
    """Call the function: it has to stop with this error, which says all these words."""
    with pytest.raises(error) as caught:
        function(*arguments)
    missing = [word for word in words if str(word) not in str(caught.value)]
    assert not missing, f"{missing} are not in: {caught.value}"


def test_killed_at_any_step_of_saving(tmp_path):
    """The old network, the new one, or at one single moment a pair that is refused by name; and the next save mends all."""
    refusals = 0
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        save(1, folder)
        code = in_child(at_step, step, die, save, 2, folder)
        if code == NOT_REACHED:
            break
        assert code == -signal.SIGKILL
        try:
            whole = is_stored(1, folder) or is_stored(2, folder)
        except checkpoints.CheckpointError as error:
            refusals += 1
            whole = "small.safetensors has changed" in str(error) and "make checkpoints" in str(error)
        assert whole, step
        for path in folder.glob(".*"):
            os.utime(path, (0, 0))  # an hour later
        save(2, folder)
        assert is_stored(2, folder) and files(folder) == STORED, step
    assert step > 6, "the steps were not seen"
    assert refusals <= 1


def save_with_a_long_manifest(folder):
    save(2, folder, note="x" * 30_000)


@pytest.mark.parametrize("limit", [0, 5_000, 20_000])  # the last: in the manifest, with all weights already on the disk
def test_saving_stops_in_the_middle_of_a_file(tmp_path, limit):
    for action in (signal.SIG_DFL, signal.SIG_IGN):
        folder = tmp_path / str(int(action))
        save(1, folder)
        call = (save_with_a_long_manifest, folder)
        if action == signal.SIG_IGN:
            call = (refused, OSError, ("File too large",), *call)
        code = in_child(with_small_files, limit, action, *call)
        assert code == (0 if action == signal.SIG_IGN else -signal.SIGXFSZ)
        assert is_stored(1, folder)
        assert action == signal.SIG_DFL or files(folder) == STORED, "a program that goes on leaves nothing"


# A disk that is full: a small file system of the test's own

FULL_DISK = """
import errno, os, sys
from pathlib import Path
import test_faults as t

folder = Path(sys.argv[1]) / "networks"
filler, seen = folder.parent / "filler", []

def fill(free):
    filler.write_bytes(bytes(os.statvfs(folder.parent).f_bavail * os.statvfs(folder.parent).f_frsize - free))

t.save(1, folder)
for free in range(0, 10 * 4096, 4096):
    fill(free)
    try:
        t.save(2, folder)
    except OSError as error:
        assert error.errno == errno.ENOSPC, error
        seen.append(free)
        assert t.files(folder) == t.STORED and t.is_stored(1, folder), free
    else:
        assert t.is_stored(2, folder)
        t.save(1, folder)
    filler.unlink()
assert len(seen) >= 3 and seen[-1] < 9 * 4096, seen

print("full", len(seen), "times")
"""


def namespaces(options: str) -> list[str]:
    """The command that gives a program namespaces of its own; skips where the machine does not let us."""
    command = ["unshare", options]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("no namespaces on this machine: the tests with limited files stand in")
    return command


def test_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = 'mount -t tmpfs -o size=160k tmpfs "$1" && shift && exec "$@"'
    program = [sys.executable, "-c", FULL_DISK, str(disk)]
    command = [*namespaces("-rm"), "sh", "-c", mount, "sh", str(disk), *program]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("full"), done.stdout
    assert files(disk) == [], "it was a disk of its own"


# Folders and files that we may not use


@pytest.fixture
def open_folder():
    """A folder that every user can enter, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="latentwalk-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(function, *arguments):
    """Call the function as a user whom permissions bind."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    function(*arguments)


def test_a_folder_that_cannot_be_written(open_folder):
    folder = open_folder / "networks"
    save(1, folder)
    folder.chmod(0o555)
    assert in_child(as_nobody, refused, PermissionError, (folder,), save, 2, folder) == 0
    assert files(folder) == STORED and is_stored(1, folder)


def test_files_that_cannot_be_read(open_folder):
    pack, folder = open_folder / "pack", open_folder / "networks"
    pack.mkdir()
    for name in ("checksums.json", f"{NAME}.xz"):
        shutil.copy(data.PACK / name, pack)
    save(1, folder)
    unpack, load = (
        (data.DataError, data.unpack, NAME, pack),
        (checkpoints.CheckpointError, checkpoints.load, "small", folder),
    )
    for path, (error, function, *arguments), remedy in (
        (pack / f"{NAME}.xz", unpack, "git checkout"),
        (pack / "checksums.json", unpack, "git checkout"),
        (folder / "small.json", load, "make checkpoints"),
        (folder / "small.safetensors", load, "make checkpoints"),
    ):
        path.chmod(0)
        assert in_child(as_nobody, refused, error, (path, remedy), function, *arguments) == 0
        path.chmod(0o644)


# Other machines


def test_torchvision_without_its_compiled_operators(tmp_path):
    """Its library does not load, as with the CPU build of torch, and a plain import stops; the book's goes on."""
    code = """
import sys, torch
def fails(path):
    raise OSError(f"{path}: libcudart.so.13: cannot open shared object file")
torch.ops.load_library = fails
try:
    import torchvision
except RuntimeError as error:
    assert "operator torchvision::nms does not exist" in str(error), error
else:
    sys.exit("the plain import goes well: the fault did not happen")
for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
    del sys.modules[name]
from latentwalk.making import _torchvision, reference
torchvision = _torchvision.import_torchvision()
assert _torchvision._declared and not torchvision.extension._has_ops()
assert torchvision.utils.make_grid(torch.zeros(4, 1, 5, 5), nrow=2).shape == (3, 16, 16)
assert reference.usual_dataset().targets[:3].tolist() == [5, 0, 4]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


ATTEMPTS = """
import socket
here = socket.create_server(("127.0.0.1", 0))
socket.create_connection(here.getsockname()).close()
socket.getaddrinfo("localhost", 80)
for attempt in (
    lambda: socket.socket().connect(("192.0.2.1", 80)),
    lambda: socket.create_connection(("example.org", 80)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"?", ("192.0.2.1", 53)),
    lambda: socket.gethostbyname("example.org"),
):
    try:
        attempt()
    except OSError as error:
        assert "do without a network" in str(error), error
    else:
        raise SystemExit("reached")
"""


@pytest.mark.parametrize("child", [False, True])
def test_python_has_no_network_in_tests_nor_in_what_they_start(tmp_path, monkeypatch, child):
    """The guard of tests/offline, on which every other test relies, is not blind, and lets this machine's own sockets be."""
    monkeypatch.setenv("LATENTWALK_NETWORK_LOG", str(tmp_path / "log"))
    if child:
        subprocess.run([sys.executable, "-c", ATTEMPTS], check=True)
    else:
        exec(ATTEMPTS, {})
    assert [line.split()[0] for line in (tmp_path / "log").read_text().splitlines()] == [
        "socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname",
    ]  # fmt: skip


@pytest.mark.parametrize("host, code", [("localhost", 0), ("example.org", 1)])
def test_a_test_run_that_asked_for_the_network_fails(tmp_path, host, code):
    """Also where the program that asked goes on without."""
    tests = Path(__file__).parents[1]
    shutil.copy(tests / "conftest.py", tmp_path)
    (tmp_path / "offline").symlink_to(tests / "offline")
    asks = f"import contextlib, socket\nwith contextlib.suppress(OSError): socket.gethostbyname('{host}')"
    (tmp_path / "test_it.py").write_text(
        f"import subprocess, sys\ndef test(): subprocess.run([sys.executable, '-c', {asks!r}])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "LATENTWALK_NETWORK_LOG"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == code and "1 passed" in done.stdout, done.stdout + done.stderr
    assert ("the network was asked for" in done.stdout) == bool(code)
