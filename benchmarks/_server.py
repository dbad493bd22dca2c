"""A local web server that packs what can be packed, as GitHub Pages does; Lighthouse weighs what goes over the line."""

import contextlib
import functools
import gzip
import http.server
import threading
from pathlib import Path

PACKED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


@functools.cache
def packed(path: Path) -> bytes:
    """What is sent for a file."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if path.suffix in PACKED else content


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers with packed files; redirects and missing files are as in any server."""

    def log_message(self, *_):
        pass

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


@contextlib.contextmanager
def serve_packed(folder: Path):
    """Serve a folder; gives its address. All is packed beforehand: the time of an answer counts in what Lighthouse says."""
    for path in folder.rglob("*"):
        if path.suffix in PACKED:
            packed(path)
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
