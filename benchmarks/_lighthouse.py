"""Lighthouse, as it judges a page that is opened on a slow phone with 1.6 Mbit/s (its mobile setting)."""

import json
import os
import subprocess
import sys

from latentbook import ROOT
from latentbook.chromium import FLAGS, NOWHERE, find
from latentbook.node import node

PROGRAM = ROOT / "book" / "node_modules" / "lighthouse" / "cli" / "index.js"
SCORES = {  # of 100; by the names that they have in our table
    "speed": "performance",
    "access": "accessibility",
    "best": "best-practices",
    "SEO": "seo",
}
TIMES = {  # with the unit, in Lighthouse's
    "paint": ("first-contentful-paint", 1000),  # s
    "largest": ("largest-contentful-paint", 1000),  # s
    "blocked": ("total-blocking-time", 1),  # ms
    "shift": ("cumulative-layout-shift", 1),
}


def judge(url: str) -> dict[str, float]:
    """All of the above of one page."""
    name, _, value = NOWHERE.partition("=")
    command = [*node(), str(PROGRAM), url, "--quiet", "--output=json", "--output-path=stdout"]
    command += [f"--only-categories={','.join(SCORES.values())}", "--no-enable-error-reporting"]
    command += [f'--chrome-flags=--headless=new {" ".join(FLAGS)} {name}="{value}"']
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": find()}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"Lighthouse failed on {url}:\n{done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    if "runtimeError" in report:
        sys.exit(f"Lighthouse cannot judge {url}: {report['runtimeError']['message']}")
    scores = {name: 100 * report["categories"][category]["score"] for name, category in SCORES.items()}
    times = {name: report["audits"][audit]["numericValue"] / unit for name, (audit, unit) in TIMES.items()}
    return scores | times
