"""A local web server for a built book: as any, or one that packs what can be packed, as GitHub Pages does."""

import contextlib
import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

PACKED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Answers for a folder, below the path ``prefix`` if there is one; prints nothing."""

    def __init__(self, *request, prefix: str, headers: dict[str, str], **options):
        self.prefix, self.own_headers = prefix, headers
        super().__init__(*request, **options)

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        below = path.startswith(f"{self.prefix}/")
        return super().translate_path(path.removeprefix(self.prefix) if below else "/nowhere")

    def end_headers(self):
        for name, value in self.own_headers.items():
            self.send_header(name, value)
        super().end_headers()


class Packing(Quiet):
    """Answers with packed files; redirects and missing files are as in any server."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in PACKED or not path.is_file():
            super().do_GET()
            return
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def packed(path: Path) -> bytes:
    """What is sent for a file."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if path.suffix in PACKED else content


@contextlib.contextmanager
def serve(
    folder: Path, prefix: str = "", headers: dict[str, str] | None = None, answer: type[Quiet] = Quiet
) -> Iterator[str]:
    """Serve a folder, below the path ``prefix`` and with more ``headers`` if there are any; gives its address."""
    handler = functools.partial(answer, directory=str(folder), prefix=prefix, headers=headers or {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
        server.shutdown()


@contextlib.contextmanager
def serve_packed(folder: Path) -> Iterator[str]:
    """Serve a folder packed. All is packed beforehand: the time of an answer counts in what Lighthouse says."""
    for path in folder.rglob("*"):
        if path.suffix in PACKED:
            packed(path)
    with serve(folder, answer=Packing) as address:
        yield address
