"""Three students at once on a JupyterHub that shares one installation of the book, which none of them can write.

    .venv/bin/pip install jupyterhub==6.1.1    # no package of the book
    npm install --prefix /tmp/proxy configurable-http-proxy
    PATH=/tmp/proxy/node_modules/.bin:$PATH .venv/bin/python tests/by_hand/hub.py

Each opens a copy of a chapter in a folder of their own, as nbgitpuller makes it, shows a figure, loads the digits and checks an answer.
"""

import concurrent.futures
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from importlib.util import find_spec
from pathlib import Path

import websocket

from latentbook import ROOT

STUDENTS = ("ada", "bob", "cleo")
CONFIG = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{home}/{{username}}"
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = 300
c.JupyterHub.services = [{{"name": "class", "api_token": "{token}"}}]
scopes = ["admin:users", "admin:servers", "tokens", "access:servers"]
c.JupyterHub.load_roles = [{{"name": "class", "scopes": scopes, "services": ["class"]}}]
"""
# What a student does; the last line prints what the kernel's process holds for itself alone (KB), and where the package lies.
CELLS = """
from latentwalk import checkpoints, data, exercises, widgets
figure = widgets.KL()
figure.mu = 0.25
digits = data.mnist()
result = exercises.check("blend", lambda a, b, t: torch.lerp(a, b, t[:, None]))
exercises.report("scores.json")
import json, latentwalk, os
alone = sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("Private"))
print(json.dumps([result.passed, figure.mu, len(digits.test_x), alone, latentwalk.__file__, os.getcwd()]))
"""


def ask(url: str, token: str, method: str = "GET", body=None):
    """The JSON that a server answers, None where it answers nothing."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Authorization": f"token {token}"}, method=method)
    with urllib.request.urlopen(request, timeout=300) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def run(url: str, token: str, code: str) -> str:
    """What code prints in a new kernel of a student's server."""
    kernel = ask(f"{url}/api/kernels", token, "POST", {})["id"]
    channel = f"{url}/api/kernels/{kernel}/channels".replace("http", "ws", 1)
    talk = websocket.create_connection(channel, timeout=300, header={"Authorization": f"token {token}"})
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": "1",
        "version": "5.3",
    }
    talk.send(
        json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"})
    )
    printed = ""
    while True:
        message = json.loads(talk.recv())
        if message["parent_header"].get("msg_id") != header["msg_id"]:
            continue
        if message["msg_type"] == "error":
            raise RuntimeError("\n".join(message["content"]["traceback"]))
        if message["msg_type"] == "stream":
            printed += message["content"]["text"]
        if message["msg_type"] == "execute_reply":
            return printed


def student(hub: str, admin: str, home: Path, name: str) -> str:
    """One student's lesson; returns their own token."""
    with contextlib.suppress(urllib.error.HTTPError):  # 201, then 202 while it starts
        ask(f"{hub}/hub/api/users/{name}", admin, "POST", {})
    shutil.copytree(ROOT / "notebooks", home / name / "book", ignore=shutil.ignore_patterns("studies", "images"))
    token = ask(f"{hub}/hub/api/users/{name}/tokens", admin, "POST", {})["token"]
    ask(f"{hub}/hub/api/users/{name}/server", admin, "POST", {})
    while not ask(f"{hub}/hub/api/users/{name}", admin)["server"]:
        time.sleep(1)
    server = f"{hub}/user/{name}"
    assert ask(f"{server}/api/contents/book/04_kl.ipynb", token)["content"]["cells"], "the chapter opens"
    printed = run(server, token, f"import os; os.chdir('book'); import torch\n{CELLS}")
    print(f"{name}: {printed.splitlines()[-1]}", flush=True)
    passed, moved, digits, _, package, folder = json.loads(printed.splitlines()[-1])
    assert passed and moved == 0.25 and digits == 10_000
    assert package.startswith(str(ROOT)) and folder == str(home / name / "book")
    assert (home / name / "book/scores.json").exists()
    return token


def main() -> None:
    with (
        socket.socket() as one,
        socket.socket() as two,
        socket.socket() as three,
        tempfile.TemporaryDirectory() as folder,
    ):
        for free in (one, two, three):
            free.bind(("127.0.0.1", 0))
        port, hub_port, proxy = (free.getsockname()[1] for free in (one, two, three))
        for free in (one, two, three):
            free.close()
        home, admin = Path(folder), secrets.token_hex(16)
        (home / "config.py").write_text(CONFIG.format(port=port, hub=hub_port, proxy=proxy, home=home, token=admin))
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {
            **os.environ,
            "PATH": path,
            "HOME": folder,
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        before = {file: file.stat().st_mtime_ns for file in (ROOT / "src").rglob("*")}
        with (home / "log").open("w") as log:
            command = [sys.executable, "-m", "jupyterhub", "-f", str(home / "config.py")]
            process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
        hub = f"http://127.0.0.1:{port}"
        try:
            while process.poll() is None:
                with contextlib.suppress(OSError):
                    ask(f"{hub}/hub/api/", admin)
                    break
                time.sleep(1)
            start = time.monotonic()
            with concurrent.futures.ThreadPoolExecutor() as pool:
                tokens = list(pool.map(lambda name: student(hub, admin, home, name), STUDENTS))
            print(
                f"{len(STUDENTS)} students, from the start of their servers to the end of their cells: {time.monotonic() - start:.0f} s"
            )
            try:
                ask(f"{hub}/user/{STUDENTS[1]}/api/contents", tokens[0])
                sys.exit("error: a student reads another's files")
            except urllib.error.HTTPError as error:
                print(f"another student's files: {error.code} {error.reason}")
            changed = [file for file in (ROOT / "src").rglob("*") if before.get(file) != file.stat().st_mtime_ns]
            print(f"files of the shared installation that are new or changed: {len(changed)}")
            for name in STUDENTS:
                size = sum(file.stat().st_size for file in (home / name).rglob("*") if file.is_file())
                print(f"{name}'s folder: {size / 1e6:.1f} MB")
        except BaseException:
            print((home / "log").read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            for name in STUDENTS:
                with contextlib.suppress(OSError):
                    ask(f"{hub}/hub/api/users/{name}/server", admin, "DELETE")
            process.terminate()
            process.wait()


if __name__ == "__main__":
    if not find_spec("jupyterhub") or not shutil.which("configurable-http-proxy"):
        sys.exit(f"error: jupyterhub or its proxy is not installed; this is how:\n{__doc__}")
    main()
