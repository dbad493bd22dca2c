// A row of buttons as one stop of the Tab key: arrow keys go from one to the next and, where `choose` is true, choose it.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export function oneTabStop(row, choose = true) {
  const all = () => [...row.children];
  // The stop is the button that has the focus, or else the one that is chosen.
  const settle = () => {
    const held = all().find((one) => one.contains(document.activeElement));
    const stop = held ?? row.querySelector('[aria-pressed="true"]') ?? row.firstChild;
    for (const one of all()) one.tabIndex = one === stop ? 0 : -1;
  };
  settle();
  new MutationObserver(settle).observe(row, { childList: true, subtree: true, attributeFilter: ["aria-pressed"] });
  row.addEventListener("focusin", settle);
  row.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    const [buttons, at] = [all(), all().indexOf(event.target)];
    const next = buttons[Math.min(buttons.length - 1, Math.max(0, at + step))];
    next.focus();
    if (choose) next.click();
  });
}

// The rows of ipywidgets' toggle buttons beside a figure, which say the chosen one by its colour alone. Returns what ends it.
export function toggleRows(root) {
  const card = root.closest(".lw-card") ?? root;
  const known = new WeakSet();
  const look = () => {
    for (const row of card.querySelectorAll(".widget-toggle-buttons > div")) {
      for (const one of row.children) {
        const chosen = `${one.classList.contains("mod-active")}`;
        if (one.ariaPressed !== chosen) one.ariaPressed = chosen;
      }
      if (row.firstChild && !known.has(row)) {
        known.add(row);
        oneTabStop(row, false); // a guess, or another network, is chosen by Enter
      }
    }
  };
  look();
  const changes = new MutationObserver((all) => {
    if (all.some(({ target }) => !root.contains(target))) look();
  });
  changes.observe(card, { childList: true, subtree: true, attributeFilter: ["class"] });
  return () => changes.disconnect();
}
