// What a reader has done is remembered in this browser, and nowhere else: chapters read to their end, answers of quizzes, the place to
// go on from. Where there is no storage, layout.html puts one in its place that lasts as long as the page.
(() => {
  const KEY = "latentwalk";
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  };
  const remember = (change) => {
    const known = { done: {}, answers: {}, ...read() };
    change(known);
    try {
      localStorage.setItem(KEY, JSON.stringify(known));
    } catch {} // full, or not allowed: it is forgotten
  };
  const done = tr("read");
  const forget = tr("Clear my answers");
  const all = tr("Forget what I have read");
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href).href;
  const nameOf = (address) =>
    address
      .split(/[?#]/)[0]
      .replace(root, "")
      .replace(/\.html$/, "");
  const here = nameOf(location.href);
  const lines = [...document.querySelectorAll(".bd-links a.reference.internal, .lw-chapters a")];

  const tick = () => {
    const known = read().done ?? {};
    for (const line of lines) {
      const old = line.querySelector(".lw-done");
      if (!known[nameOf(line.href)]) old?.remove();
      else if (!old) {
        const sign = Object.assign(document.createElement("span"), { className: "lw-done", textContent: "\u2713" });
        sign.role = "img";
        sign.ariaLabel = done;
        line.append(sign);
      }
    }
  };
  tick();
  addEventListener("pageshow", tick); // also when it comes back as it was left

  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), {
      className: "lw-forget",
      type: "button",
      textContent: text,
    });
    made.addEventListener("click", act);
    return made;
  };

  // The front page remembers nothing of itself.
  const slot = document.querySelector(".lw-continue");
  if (slot) {
    const clear = button(all, () => {
      localStorage.removeItem(KEY);
      slot.hidden = true;
      clear.remove();
      tick();
    });
    const offer = () => {
      if (read().last) document.querySelector(".lw-chapters")?.after(clear);
      else clear.remove();
    };
    offer();
    addEventListener("pageshow", offer);
    return;
  }
  const chapter = lines.find((line) => line.getAttribute("href") === "#" || nameOf(line.href) === here);
  if (!chapter || !document.querySelector(".lw-quiz")) return; // only chapters have questions
  const heading = document.querySelector(".bd-article h1").cloneNode(true);
  heading.querySelector(".headerlink")?.remove();
  const title = heading.textContent;
  const finish = () => {
    remember((known) => {
      known.done[here] = 1;
      const next = document.querySelector(".prev-next-area .right-next");
      if (next)
        known.last = {
          href: `${nameOf(next.href).replace("notebooks/", "")}.html`, // as the front page has it
          title: next.querySelector(".prev-next-title").textContent,
        };
    });
    tick();
  };
  if (!read().done?.[here])
    remember((known) => {
      known.last = { href: `${here.replace("notebooks/", "")}.html`, title };
    });
  const end = document.querySelector(".prev-next-footer, .prev-next-area");
  if (end)
    new IntersectionObserver(([{ isIntersecting }], observer) => {
      if (!isIntersecting) return;
      observer.disconnect();
      finish();
    }).observe(end);

  // Answers, by their words: those of another edition do not count.
  const quizzes = [...document.querySelectorAll(".lw-quiz")];
  const inputs = [...document.querySelectorAll(".lw-choice input")];
  const said = (input) => input.nextElementSibling.textContent;
  const clear = button(forget, () => {
    for (const input of inputs) input.checked = false;
    remember(({ answers }) => {
      delete answers[here];
    });
    clear.remove();
  });
  const offer = () => quizzes.at(-1).after(clear);
  const known = read().answers?.[here] ?? {};
  for (const input of inputs) input.checked = known[input.name] === said(input);
  if (inputs.some((input) => input.checked)) offer();
  document.addEventListener("change", ({ target }) => {
    if (!inputs.includes(target)) return;
    remember(({ answers }) => {
      answers[here] = { ...answers[here], [target.name]: said(target) };
    });
    offer();
    if (quizzes.every((quiz) => quiz.querySelector("input:checked"))) finish();
  });
})();
