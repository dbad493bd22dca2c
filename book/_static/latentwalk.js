// Small repairs between third parties on a page of this book, and (1) on a page with a single figure.

// 1. The handles of ipywidgets' sliders have role=slider and no accessible name: give them their label's, and say the
//    value as the read-out shows it. The buttons of a Play have icons only.
(() => {
  const buttons = [tr("Play or pause"), tr("Stop"), tr("Repeat")];
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
  for (const place of document.querySelectorAll(".lw-place"))
    observer.observe(place, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-valuetext"] });
})();

// 2. What axe-core finds in the pages that the theme and Sphinx make.
for (const node of document.querySelectorAll("button[aria-label], summary[aria-label], a[aria-label]")) {
  const text = node.textContent.replace(/\s+/g, " ").trim();
  if (text && !node.ariaLabel.includes(text)) node.removeAttribute("aria-label"); // its words are its name
}
// A role of ARIA 1.0.
for (const node of document.querySelectorAll(".citation-list, .citation")) node.removeAttribute("role");
const sidebar = document.querySelector(".bd-sidebar-primary");
sidebar?.setAttribute("role", "complementary");
sidebar?.setAttribute("aria-label", document.querySelector(".logo__title")?.textContent ?? "");

// 3. The link to a page's notebook keeps it: some servers would have it shown as text. Search in a page that may not read the
//    others (from a disk, in a sandboxed frame) finds them, and leaves out excerpts.
for (const link of document.querySelectorAll("a[href*='_sources/']")) link.download = "";
if (self.origin === "null" && typeof DOCUMENTATION_OPTIONS === "object")
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// 4. Whoever copies a passage gets its formulas as TeX.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount) return;
  const copied = document.createElement("div");
  copied.append(selection.getRangeAt(0).cloneContents());
  const formulas = copied.querySelectorAll("[data-tex]");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const sign = formula.matches("div") ? "$$" : "$";
    formula.textContent = `${sign}${formula.dataset.tex}${sign}`;
  }
  document.body.append(copied);
  // biome-ignore lint/performance/useDomNodeTextContent: text in lines, as the browser itself would copy it
  event.clipboardData.setData("text/plain", copied.innerText);
  event.clipboardData.setData("text/html", copied.innerHTML);
  copied.remove();
  event.preventDefault();
});
