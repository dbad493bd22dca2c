"""What makes the book, tests it and measures it: browsers, a web server, Node. No part of latentwalk, which readers install."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"  # the built book
