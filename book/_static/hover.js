// What a term or a citation says, while a pointer or the keyboard's focus is on its link (book/_ext/notes.py). A tap goes on to the link.
(() => {
  const WAIT = 250; // ms, either way: the pointer may go over into the card, and others only pass
  const card = Object.assign(document.createElement("div"), {
    id: "lw-note",
    className: "lw-note",
    role: "tooltip",
    hidden: true,
  });
  let link = null; // whose card is shown
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    link?.removeAttribute("aria-describedby");
    link = null;
    card.hidden = true;
  };
  const show = (next) => {
    hide();
    link = next;
    const text = document.querySelector(`template[data-for="${CSS.escape(link.dataset.note)}"]`);
    card.replaceChildren(text.content.cloneNode(true));
    document.body.append(card);
    card.hidden = false;
    const [line] = link.getClientRects(); // of a link that goes on in the next line, the first
    const { width, height } = card.getBoundingClientRect();
    const below = line.bottom + height + 8 < innerHeight || line.top < height + 8;
    card.style.left = `${scrollX + Math.max(8, Math.min(line.left, document.documentElement.clientWidth - width - 8))}px`;
    card.style.top = `${scrollY + (below ? line.bottom + 4 : line.top - height - 4)}px`;
    link.setAttribute("aria-describedby", card.id);
  };
  const later = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  };

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const over = target.closest?.("a[data-note]");
    if (over && over !== link) later(() => show(over));
    else if (over || card.contains(target)) clearTimeout(timer);
    else if (link && link !== document.activeElement) later(hide);
    else if (!link) clearTimeout(timer);
  });
  document.addEventListener("focusin", ({ target }) => {
    const over = target.closest("a[data-note]");
    if (over?.matches(":focus-visible")) show(over);
    else if (link) hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
})();
