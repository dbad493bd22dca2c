// A photograph in the place of a drawing: taken, chosen, dropped or pasted. It is read here, and leaves the page for nowhere.

import { box, button, captioned, element, onDrop, paragraph } from "./dom.js";
import { FileTrouble, greyPicture, imageCanvas } from "./image_files.js";
import { digitOfPhoto } from "./photo_ink.js";
import { turns } from "./turns.js";
import { fill, say } from "./words.js";

const LOOKED_AT = 280; // pixels along the longer side

// root: of the figure; shape: of the pictures that put(pixels) gets. Gives the buttons, and what shows the photograph.
export function photoInput({ root, text, shape, put }) {
  const told = paragraph("lw-readout");
  told.setAttribute("role", "status");
  const shown = box("lw-photo");
  const begin = turns(); // a photograph that is still being read is not put over what came after it
  const hide = () => {
    shown.replaceChildren();
    say(told, "");
    return begin();
  };

  async function take(file) {
    if (!file) return;
    const isLast = hide();
    try {
      const canvas = await imageCanvas(file, LOOKED_AT);
      if (!isLast()) return;
      const pixels = digitOfPhoto(greyPicture(canvas), shape);
      if (pixels) put(pixels);
      canvas.className = "lw-taken";
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", text.photo_taken);
      shown.append(captioned(canvas, text.photo_taken, "lw-panel"));
      say(told, pixels ? "" : text.photo_empty);
    } catch (error) {
      if (!(error instanceof FileTrouble)) throw error;
      if (isLast()) say(told, fill(text[`photo_${error.trouble}`], error.values));
    }
  }

  const ask = (label, kind, attributes) => {
    const input = element("input", { type: "file", accept: "image/*", hidden: true, ...attributes });
    input.addEventListener("change", () => {
      take(input.files[0]);
      input.value = ""; // so that the same file can be chosen again
    });
    const node = button(label, () => input.click());
    node.classList.add(kind);
    node.title = text.photo_private;
    return [node, input];
  };
  const buttons = [...ask(text.photo, "lw-file"), ...ask(text.camera, "lw-camera", { capture: "environment" })];

  onDrop(
    root,
    () => true,
    ({ files }) => take(files[0]),
  );
  const paste = (event) => {
    if (!root.isConnected) document.removeEventListener("paste", paste);
    const card = root.closest(".lw-card");
    if (card?.matches(":hover, :focus-within") && !event.target.closest?.("input, textarea, [contenteditable]"))
      take(event.clipboardData.files[0]);
  };
  document.addEventListener("paste", paste);
  return { buttons, shown, told, hide };
}
