// What book/pdf.py runs in the page that it has put together from the pages of the book: makes one document of them.

// Addresses. Each page lies in <section class="page" data-name="notebooks/04_kl">; ids get its name in front.
function join() {
  const pages = new Map([...document.querySelectorAll("section.page")].map((page) => [page.dataset.name, page]));
  const key = (name, id) => (id ? `${name}--${id}` : name).replace(/[^\w-]/g, "_");
  for (const [name, page] of pages) {
    for (const node of page.querySelectorAll("script, .headerlink, .widget-subarea, button, .toctree-wrapper"))
      node.remove();
    for (const node of page.querySelectorAll("[id]")) node.id = key(name, node.id);
    for (const link of page.querySelectorAll("a[href]")) {
      const url = new URL(link.getAttribute("href"), new URL(`${name}.html`, BOOK));
      if (!url.href.startsWith(BOOK)) continue; // another host's
      const other = url.href
        .slice(BOOK.length)
        .split("#")[0]
        .replace(/\.html$/, "");
      if (pages.has(other)) link.href = `#${key(other, decodeURIComponent(url.hash.slice(1)))}`;
      else link.replaceWith(...link.childNodes); // a file that is not part of the PDF
    }
    page.id = key(name, "");
  }
}

// Formulas are pictures. On paper their TeX describes them, not MathML, of which some programs would show the signs.
function describe() {
  for (const formula of document.querySelectorAll(".math")) {
    for (const node of formula.querySelectorAll("math, [class*='lw-below-']")) node.remove();
    for (const picture of formula.querySelectorAll("svg")) {
      picture.removeAttribute("aria-hidden");
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", formula.dataset.tex);
    }
  }
}

// Nothing is folded on paper.
function unfold() {
  for (const folded of document.querySelectorAll("details")) {
    folded.querySelector("summary").remove();
    const open = document.createElement("div");
    open.className = "lw-folded";
    open.append(...folded.childNodes);
    folded.replaceWith(open);
  }
}

// Questions become numbered lists, with the answers after the last question of the page.
function list(words) {
  for (const page of document.querySelectorAll("section.page")) {
    const quizzes = [...page.querySelectorAll(".lw-quiz")];
    const answers = document.createElement("div");
    answers.className = "lw-answers-printed";
    answers.innerHTML = `<p class="title">${words.answers}</p>`;
    quizzes.forEach((quiz, number) => {
      const question = document.createElement("div");
      question.className = "lw-question";
      const asked = document.createElement("p");
      asked.append(`${number + 1}. `, ...quiz.querySelector("legend").childNodes);
      question.append(asked);
      const told = document.createElement("p");
      told.append(`${number + 1}. `);
      [...quiz.querySelectorAll(".lw-choice")].forEach((choice, i) => {
        const letter = String.fromCharCode(97 + i);
        const line = document.createElement("p");
        line.className = "choice";
        line.append(`(${letter}) `, ...choice.querySelector("label").childNodes);
        question.append(line);
        const verdict = document.createElement("b");
        verdict.append(`(${letter}) `);
        const remark = choice.querySelector(".lw-remark p");
        told.append(verdict, ...remark.childNodes, " ");
      });
      answers.append(told);
      quiz.replaceWith(question);
      if (number === quizzes.length - 1) question.after(answers);
    });
  }
}

// Contents: the pages and their sections, each with a place for its page number.
function contents() {
  const nav = document.querySelector("nav.contents");
  const line = (heading, id, kind) => {
    const row = document.createElement("a");
    Object.assign(row, { href: `#${id}`, className: kind });
    const copy = heading.cloneNode(true);
    for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
    const title = document.createElement("span"),
      dots = document.createElement("i"),
      number = document.createElement("span");
    title.append(...copy.childNodes);
    number.className = "number";
    number.dataset.target = id;
    number.textContent = "000";
    row.append(title, dots, number);
    nav.append(row);
  };
  for (const page of document.querySelectorAll("section.page")) {
    if (page.dataset.caption) {
      const caption = document.createElement("p");
      caption.textContent = page.dataset.caption;
      nav.append(caption);
    }
    line(page.querySelector("h1"), page.id, "chapter");
    for (const heading of page.querySelectorAll("h2")) line(heading, heading.parentNode.id, "section");
  }
}

// On paper, what a plot says may be as small as a caption.
function scale() {
  for (const image of document.querySelectorAll(".cell_output img:not(.lw-still)"))
    image.style.width = `${0.8 * image.naturalWidth}px`;
}

// Tables, code and what it prints that are wider than the line are set smaller; what is still too wide then, wraps.
function shrink() {
  for (const table of document.querySelectorAll("table"))
    if (table.offsetWidth > table.parentNode.clientWidth) table.classList.add("wide");
  for (const code of document.querySelectorAll("pre")) {
    code.style.whiteSpace = "pre";
    const { paddingLeft, fontSize } = getComputedStyle(code),
      padding = parseFloat(paddingLeft);
    const wide = code.scrollWidth > code.clientWidth,
      fit = (code.clientWidth - 2 * padding) / (code.scrollWidth - padding);
    code.style.whiteSpace = "";
    if (wide) code.style.fontSize = `${Math.max(5.8, 0.99 * fit * 0.75 * parseFloat(fontSize))}pt`;
  }
}

// What would be cut off or missing on paper, in words.
function troubles() {
  const main = document.querySelector("main"),
    right = main.getBoundingClientRect().right + 1;
  const name = (node) =>
    `${node.closest("section.page")?.dataset.name}: ${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 60)}`;
  const wide = [...main.querySelectorAll("*")].filter(
    (node) => !node.matches("svg *") && node.getBoundingClientRect().right > right,
  );
  return [
    ...wide.slice(0, 5).map((node) => `too wide: ${name(node)}`),
    ...[...document.images].filter((image) => !image.naturalWidth).map((image) => `no picture: ${image.src}`),
    ...[...document.querySelectorAll(".math:not(:has(svg))")].map((node) => `not typeset: ${name(node)}`),
    ...[...document.querySelectorAll("a[href^='#']")]
      .filter((link) => !document.getElementById(link.getAttribute("href").slice(1)))
      .map((link) => `leads nowhere: ${link.getAttribute("href")}`),
  ];
}

// book/pdf.py calls them by name.
Object.assign(globalThis, { join, describe, unfold, list, contents, scale, shrink, troubles });
