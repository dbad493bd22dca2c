// What a reader is told in the place of something that is broken. The words come from the page, in its language.

export function sentence(error) {
  console.warn(error);
  const words = document.createElement("p");
  words.className = "lw-error";
  words.setAttribute("role", "alert");
  words.textContent = document.querySelector(".lw-place").dataset.error.replace("{message}", error.message);
  return words;
}
