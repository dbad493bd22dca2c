// A row of buttons as one stop of the Tab key: arrow keys go from one to the next and choose it.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export function oneTabStop(row) {
  const all = () => [...row.children];
  const stop = (chosen) => {
    for (const one of all()) one.tabIndex = one === chosen ? 0 : -1;
  };
  stop(row.firstChild);
  row.addEventListener("focusin", ({ target }) => stop(target.closest("button") ?? row.firstChild));
  row.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    const [buttons, at] = [all(), all().indexOf(event.target)];
    const next = Math.min(buttons.length - 1, Math.max(0, at + step));
    buttons[next].focus();
    buttons[next].click();
  });
}
