// Elements of the page.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export const box = (kind, ...children) => element("div", { class: kind }, ...children); // kind: its CSS classes, or null

export const paragraph = (kind = "lw-readout", ...words) => element("p", { class: kind }, ...words);

export const button = (label, onclick) => element("button", { type: "button", class: "lw-button", onclick }, label);

// What folds out below its title.
export const fold = (title, ...children) =>
  element("details", { class: "lw-fold" }, element("summary", {}, title), ...children);

// Files that are let go over a target, while wants(event). Both events before are answered: on the way over an element's edge "dragenter" is
// the last one, and without an answer the browser opens the files.
export function onDrop(target, wants, take) {
  for (const kind of ["dragenter", "dragover", "drop"])
    target.addEventListener(kind, (event) => {
      if (!wants(event)) return;
      event.preventDefault();
      if (kind === "drop") take(event.dataTransfer);
    });
}

// A canvas or more with words below.
export function captioned(content, words, kind = null) {
  return element("figure", { class: kind }, content, element("figcaption", {}, ...[words].flat()));
}

// Shows which button of a row is the chosen one.
export function press(row, chosen) {
  for (const [i, one] of [...row.children].entries()) one.setAttribute("aria-pressed", i === chosen);
}
