// A reader's own pictures: files and folders that are chosen, dropped or pasted. They are read here, and go nowhere but to the worker.

import { digitCanvas, paintDigit } from "./digits.js";
import { box, button, element, fold, onDrop, paragraph } from "./dom.js";
import { dropped, readAll } from "./lab_reading.js";
import { split } from "./picture_files.js";
import { turns } from "./turns.js";
import { fill, say } from "./words.js";

const FEWEST = 16;
const TOLD = 5; // files that could not be read are named, and the others counted
const SHOWN = 30;

export function labPictures({ model, session, attempt }) {
  const text = model.get("text");
  const verdict = paragraph("lw-readout");
  verdict.setAttribute("role", "status");
  const preview = box("lw-preview");
  const choose = (attributes) => element("input", { type: "file", multiple: true, hidden: true, ...attributes });
  const [files, folder] = [choose({}), choose({ webkitdirectory: true })];
  const zone = box(
    "lw-drop",
    paragraph("lw-hint", text.own_said),
    box(
      "lw-buttons",
      button(text.choose, () => files.click()),
      button(text.folder, () => folder.click()),
    ),
    files,
    folder,
  );
  const begin = turns(); // what is read for an earlier choice is not taken any more
  const back = button(text.back_to_digits, () => attempt(() => session.own(null)));

  // coming: what readAll takes, or a promise of it
  const take = (coming) =>
    attempt(async () => {
      const isLast = begin();
      say(verdict, text.reading);
      const list = await coming;
      if (!isLast()) return;
      const { pictures, labels, all, troubles } = await readAll(list, text, (share) => {
        if (isLast()) say(verdict, `${text.reading} ${Math.round(100 * share)} %`);
      });
      if (!isLast()) return;
      const named = troubles.slice(0, TOLD);
      if (troubles.length > TOLD) named.push(fill(text.others, { count: troubles.length - TOLD }));
      const few = pictures.length < FEWEST;
      const enough = pictures.length < all ? text.part : text.took;
      const values = { count: pictures.length, all, classes: new Set(labels).size };
      say(verdict, [fill(few ? text.few : enough, values), ...named].join(" "));
      if (few) return; // nothing has changed
      preview.replaceChildren();
      for (const pixels of pictures.slice(0, SHOWN)) {
        const canvas = digitCanvas();
        paintDigit(
          canvas,
          Float32Array.from(pixels, (value) => value / 255),
          text.own_picture,
        );
        preview.append(canvas);
      }
      back.hidden = false;
      await session.own(split(pictures, labels));
    });
  back.hidden = true;
  back.addEventListener("click", () => {
    begin();
    back.hidden = true;
    preview.replaceChildren();
    say(verdict, text.digits_again);
  });
  const parent = (file) => file.webkitRelativePath.split("/").at(-2) ?? "";
  for (const input of [files, folder])
    input.addEventListener("change", () => {
      take({ files: [...input.files].map((file) => ({ file, folder: parent(file) })) });
      input.value = "";
    });
  const panel = fold(text.own, zone, verdict, preview, back);
  // Anywhere in the page: beside its place a browser would open what is dropped, and what has been trained would be gone.
  const heard = (event) => panel.open && panel.isConnected && !event.defaultPrevented;
  const brings = (event) => heard(event) && event.dataTransfer.types.includes("Files");
  onDrop(document, brings, (transfer) => take(dropped(transfer)));
  document.addEventListener("paste", (event) => {
    if (!heard(event) || event.target.closest?.("input, textarea, [contenteditable]")) return;
    const pasted = [...event.clipboardData.files].map((file) => ({ file, folder: "" }));
    if (pasted.length) take({ files: pasted });
  });
  return panel;
}
