"""What the ten missions of the Lab's page come to: four epochs each, in Node with the worker's own code, as the page trains with seed 1.

The numbers in notebooks/lab.ipynb are these, rounded. Another browser may differ in the last digit shown.

Usage: python tests/by_hand/missions.py [name ...] (after `make setup`; a quarter of a minute each)
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from latentbook.node import node
from latentwalk.page import lab

DEFAULTS = {"dims": 20, "hidden": 400, "batch": 100, "rate": 10**-2.4, "beta": 1, "seed": 1, "program": lab.LOSS}
SQUARE = lab.LOSS.replace("softplus(logits).sub(x.mul(logits)).sum()", "sigmoid(logits).sub(x).square().sum()")
MISSIONS = {
    "1 defaults": {},
    "2 beta 0.01": {"beta": 0.01},
    "3 beta 5": {"beta": 5},
    "3 beta 8": {"beta": 8},
    "3 beta 10": {"beta": 10},
    "4 two dimensions": {"dims": 2},
    "8 squared error": {"program": SQUARE},
    "9 rate 0.03": {"rate": 0.03},
    "9 rate 0.1": {"rate": 0.1},
}
BUGS = {f"bug {name}": {"program": lab.LOSS.replace(before, after)} for name, (before, after, _) in lab.BUGS.items()}


def main() -> None:
    """Print a line for each mission and each bug."""
    print(f"{'':26} untrained  recon     KL    sum  active  sigma  reported  not finite at")
    chosen = {name: one for name, one in (MISSIONS | BUGS).items() if not sys.argv[1:] or name in sys.argv[1:]}
    with tempfile.TemporaryDirectory() as folder:
        digits = Path(folder) / "digits"
        digits.write_bytes(lab.digits())
        script = str(Path(__file__).with_suffix(".mjs"))
        for name, change in chosen.items():
            command = [*node(), script, json.dumps(DEFAULTS | change), str(digits)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                why = [line for line in done.stderr.splitlines() if "Error" in line]
                print(f"{name:26} refused: {why[-1] if why else done.stderr[-200:]}", flush=True)
                continue
            row = json.loads(done.stdout)
            recon, kl = (float("inf") if row[part] is None else row[part] for part in ("recon", "kl"))
            reported = float("nan") if row["reported"] is None else row["reported"]
            print(
                f"{name:26} {row['untrained']:9.1f} {recon:6.1f} {kl:6.1f} {recon + kl:6.1f} {row['active']:7} "
                f"{row['sigma']:6.3f} {reported:9.1f}  {row['lost'] or ''}",
                flush=True,
            )


if __name__ == "__main__":
    main()
