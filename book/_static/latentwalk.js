// Small repairs between third parties on a page of this book.

// 1. The handles of ipywidgets' sliders have role=slider and no accessible name: give them their label's, and say the
//    value as the read-out shows it. The buttons of a Play have icons only.
(() => {
  // Another language of the book adds its own words.
  const words = { en: ["Play or pause", "Stop", "Repeat"] };
  const buttons = words[document.documentElement.lang.slice(0, 2)] ?? words.en;
  const name = (handle) => {
    const row = handle.closest(".jupyter-widgets");
    const label = row.querySelector(".widget-label")?.textContent.trim() || row.title;
    if (label && handle.getAttribute("aria-label") !== label) handle.setAttribute("aria-label", label);
    const value = row.querySelector(".widget-readout")?.textContent.trim();
    if (value && handle.getAttribute("aria-valuetext") !== value) handle.setAttribute("aria-valuetext", value);
  };
  const repair = () => {
    document.querySelectorAll(".jupyter-widgets [role=slider]").forEach(name);
    for (const play of document.querySelectorAll(".widget-play"))
      play.querySelectorAll("button").forEach((button, i) => {
        button.ariaLabel ??= buttons[i];
      });
    for (const readout of document.querySelectorAll(".widget-readout[contenteditable=true]:not([role])")) {
      readout.setAttribute("role", "textbox");
      readout.setAttribute(
        "aria-label",
        readout.closest(".jupyter-widgets").querySelector(".widget-label")?.textContent ?? "",
      );
    }
  };
  // A slider that moves changes its own handle; new elements may be new controls. (New text in a figure is neither.)
  const observer = new MutationObserver((changes) => {
    if (
      changes.some(
        ({ type, target, addedNodes }) =>
          type === "childList" &&
          (target.matches(".widget-label") || [...addedNodes].some((node) => node.nodeType === 1)),
      )
    )
      repair();
    else for (const { type, target } of changes) if (type === "attributes") name(target);
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const output of document.querySelectorAll(".cell_output"))
      observer.observe(output, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ["aria-valuetext"],
      });
  });
})();

// 2. The first figure comes before all others, formulas and icons: they wait for it, but no longer than a second.
//    latentwalkFirst is kept when it is drawn, latentwalkFormulas when all formulas are set.
window.latentwalkFirst = new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".lw-figure[data-ready]")) return;
    observer.disconnect();
    setTimeout(resolve); // once it is painted
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-ready"] });
  document.addEventListener("DOMContentLoaded", () => {
    hub();
    setTimeout(resolve, document.querySelector("script[type='application/vnd.jupyter.widget-view+json']") ? 1000 : 0);
  });
});
window.latentwalkFormulas = (() => {
  const load = (late) =>
    new Promise((resolve) => {
      const script = document.createElement("script");
      Object.assign(script, {
        src: late.src,
        onload: () => {
          hub();
          resolve();
        },
      });
      document.head.append(script);
    });
  return latentwalkFirst.then(async () => {
    await Promise.all([...document.querySelectorAll("script[type='text/x-late']")].map(load));
    // Not the icons of widgets: ipywidgets' Play stops with an error when they are replaced.
    for (const icon of document.querySelectorAll("i[class*='fa-'], span[class*='fa-']"))
      if (icon.isConnected && !icon.closest(".cell_output")) window.FontAwesome?.dom.i2svg({ node: icon.parentNode });
    if (window.MathJax?.startup) await MathJax.startup.promise;
  });
})();
window.FontAwesomeConfig = { autoReplaceSvg: false, observeMutations: false };
// ipywidgets asks version 2 of MathJax to set the labels of controls; this book has version 3.
function hub() {
  if (window.MathJax && !MathJax.Hub)
    MathJax.Hub = { Queue: ([, , node]) => latentwalkFormulas.then(() => MathJax.typesetPromise([node])) };
}

// 3. What axe-core finds in the pages that the theme and Sphinx make.
document.addEventListener("DOMContentLoaded", () => {
  const text = (node) => node.textContent.replace(/\s+/g, " ").trim();
  // Its words are its name. (The theme's switch has none, only icons.)
  for (const node of document.querySelectorAll("button[aria-label], summary[aria-label], a[aria-label]"))
    if (!node.matches(".theme-switch-button") && text(node) && !node.ariaLabel.includes(text(node)))
      node.removeAttribute("aria-label");
  // A role of ARIA 1.0.
  for (const node of document.querySelectorAll(".citation-list, .citation")) node.removeAttribute("role");
  const sidebar = document.querySelector(".bd-sidebar-primary");
  sidebar?.setAttribute("role", "complementary");
  sidebar?.setAttribute("aria-label", document.querySelector(".logo__title")?.textContent ?? "");
});
// The theme's switch has a name; the titles of its icons, which Font Awesome makes early or late, would give it more.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll(".theme-switch-button")) {
    const strip = () => {
      for (const icon of button.querySelectorAll(".theme-switch")) {
        icon.querySelector("title")?.remove();
        for (const name of ["title", "aria-labelledby"]) icon.removeAttribute(name);
        icon.setAttribute("aria-hidden", "true");
      }
    };
    strip();
    new MutationObserver(strip).observe(button, { childList: true, subtree: true });
  }
});

// 4. A formula wider than its place, on a phone, is set smaller, down to 0.7 of its size. One that is still too wide
//    scrolls, and is reached by keyboard. Folded ones are looked at when they open.
latentwalkFormulas.then(() => {
  const natural = new Map();
  const observer = new ResizeObserver((places) => {
    for (const { target } of places) {
      const formula = target.querySelector("mjx-container[display]");
      if (!formula?.clientWidth) continue;
      if (!natural.has(formula)) natural.set(formula, parseFloat(formula.style.fontSize));
      const set = (share) => {
        formula.style.fontSize = `${natural.get(formula) * share}%`;
      };
      set(1);
      if (formula.scrollWidth > formula.clientWidth)
        set(Math.max(0.7, (0.99 * formula.clientWidth) / formula.scrollWidth));
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  });
  for (const place of document.querySelectorAll("div.math")) observer.observe(place);
});
