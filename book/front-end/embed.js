// A page with a single figure, in a frame of another page (book/_ext/embed.py): light or dark as `?theme=` says, else as the system is;
// and it tells the page around it how high it is, which may then make the frame as high (book/teaching.md).

const wanted = new URLSearchParams(location.search).get("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => {
  const system = dark.matches ? "dark" : "light";
  document.documentElement.dataset.theme = ["light", "dark"].includes(wanted) ? wanted : system;
};
dress();
dark.addEventListener("change", dress);

addEventListener("DOMContentLoaded", () => {
  const tell = () => parent.postMessage({ latentwalkHeight: Math.ceil(document.body.offsetHeight) }, "*");
  new ResizeObserver(tell).observe(document.body);
});
