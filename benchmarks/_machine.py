"""What every benchmark says first: when and on what it ran."""

import datetime
import os
import platform
from pathlib import Path

import torch


def describe() -> str:
    """One line: date, processor, cores that may be used, versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.date.today()}, {model}, {cores} cores, {platform.system()}, "
        f"Python {platform.python_version()}, torch {torch.__version__}"
    )


if __name__ == "__main__":
    print(describe())
