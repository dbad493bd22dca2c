"""Run the notebooks and store them with their text outputs only (`make outputs`).

What is stored is what nbval compares and a diff can show: no pictures, no widget state, no progress bars, no times.
Without arguments every notebook is run, the studies too; otherwise those named, such as ``04_kl`` or ``notebooks/04_kl.ipynb``.
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from latentbook import complete, notebooks

TEXT = ("text/plain", "text/html", "text/latex", "text/markdown")


def text_only(output):
    """The text of an output, or None if it is a progress bar or a warning on stderr."""
    if output.output_type == "stream":
        return output if output.name == "stdout" else None
    if output.output_type in ("display_data", "execute_result"):
        output.data = {kind: value for kind, value in output.data.items() if kind in TEXT}
        output.metadata = {}
        if any(words in output.data.get("text/plain", "") for words in ("children=(", "_dom_classes=")):
            output.data["text/plain"] = "<interactive figure>"
    return output


def clean(notebook) -> None:
    """Reduce a notebook to what is stored (in place)."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        for key in ("execution", "scrolled", "collapsed", "jupyter"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs if (kept := text_only(output))]


def refresh(path: Path) -> None:
    """Run one notebook in its folder and store it; an error in a cell stops and stores nothing."""
    start = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    complete(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=1800,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        coalesce_streams=True,  # or a diff shows in what pieces the text happened to come
    )
    client.execute()
    clean(notebook)
    nbformat.write(notebook, path)
    print(f"{path.name}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    known = {path.stem: path for path in notebooks()}
    wanted = [Path(name).stem for name in sys.argv[1:]] or list(known)
    for name in wanted:
        if name not in known:
            sys.exit(f"error: there is no notebook {name}; there are {', '.join(known)}")
    for name in wanted:
        refresh(known[name])
