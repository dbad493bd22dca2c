// The words of the pages' scripts in the page's language (book/_ext/languages.py), and the way to the page in the other one.
globalThis.tr = (text) => globalThis.latentwalkWords?.[text] ?? text;

(() => {
  const KEY = "latentwalk-language"; // whether another language has been offered, or chosen
  const remember = () => {
    try {
      localStorage.setItem(KEY, "offered");
    } catch {} // full, or not allowed: it is offered again
  };
  // The same place, and the same state of the figures.
  const follow = (to) => {
    for (const sign of ["pointerdown", "click"])
      to.addEventListener(sign, () => {
        Object.assign(to, { search: location.search, hash: location.hash });
        if (sign === "click") remember();
      });
  };
  const links = [...document.querySelectorAll(".lw-language")];
  links.forEach(follow);

  const short = (name) => (name ?? "").slice(0, 2);
  const wanted = short(navigator.language);
  const link = links.find((one) => short(one.lang) === wanted);
  if (!link || localStorage.getItem(KEY)) return;
  const { lang, href, dataset } = link;
  const way = Object.assign(document.createElement("a"), { href, textContent: dataset.invitation });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "\u00d7" });
  close.ariaLabel = dataset.close;
  const offer = Object.assign(document.createElement("p"), { className: "lw-offer", lang });
  offer.append(way, close);
  document.querySelector(".bd-article")?.prepend(offer);
  follow(way);
  close.addEventListener("click", () => offer.remove());
  remember();
})();
