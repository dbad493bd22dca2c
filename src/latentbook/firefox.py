"""Debian's Firefox, driven by WebDriver BiDi, which it speaks by itself: messages in JSON over a web socket, no driver between."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import websocket  # jupyter-server's

from latentbook.chromium import install

NAMES = ("firefox-esr", "firefox")
MAC = "/Applications/Firefox.app/Contents/MacOS/firefox"
PREFERENCES = {  # nothing that Firefox does by itself, and no way out of this machine
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "remote.active-protocols": 1,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


def find() -> str | None:
    """The browser to use: ``LATENTWALK_FIREFOX`` if set, else one on the PATH, else None."""
    if chosen := os.environ.get("LATENTWALK_FIREFOX"):
        if not shutil.which(chosen):
            raise SystemExit(f"error: LATENTWALK_FIREFOX={chosen} is not a program")
        return chosen
    return next(filter(None, map(shutil.which, NAMES)), MAC if Path(MAC).exists() else None)


class Firefox:
    """A headless Firefox with one page. ``troubles`` are the errors of its console and what did not load."""

    def __init__(self, profile: Path):
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        command = [find(), "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        environment = {**os.environ, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
        self.log = profile / "firefox.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self.count, self.troubles = 0, []
        self.socket = websocket.create_connection(f"{self._address()}/session", timeout=300, suppress_origin=True)
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded", "network.fetchError", "network.responseCompleted"])
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self) -> str:
        while self.process.poll() is None:
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", self.log.read_text()):
                return found[1]
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
        raise RuntimeError(f"Firefox does not answer:\n{self.log.read_text()[-2000:]}")

    def call(self, method: str, **parameters) -> dict:
        """Send a command, note what happens meanwhile, return the result."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.count:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]
            self._note(message.get("method"), message.get("params", {}))

    def _note(self, event: str, details: dict) -> None:
        if event == "log.entryAdded" and details["level"] == "error":
            self.troubles.append(f"console: {details['text']}")
        elif event == "network.fetchError":
            self.troubles.append(f"does not load: {details['request']['url']} ({details['errorText']})")
        elif event == "network.responseCompleted" and details["response"]["status"] >= 400:
            self.troubles.append(f"{details['response']['status']}: {details['request']['url']}")

    def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str):
        """The value of a JavaScript expression (awaited) that JSON can hold."""
        result = self.call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"].get("value", "null"))

    def press(self, key: str) -> None:
        """Press and release a key; special keys by their WebDriver code."""
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self.call(
            "input.performActions", context=self.context, actions=[{"type": "key", "id": "keys", "actions": actions}]
        )

    def close(self) -> None:
        """End the browser."""
        self.socket.close()
        self.process.terminate()
        self.process.wait()


if __name__ == "__main__":
    if not find():
        install("firefox-esr")
    if not find():
        sys.exit("error: the tests need Firefox: install it, or set LATENTWALK_FIREFOX to its path")
