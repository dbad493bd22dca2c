// What folds out below a Lab: its loss as a text, the reader's own pictures, the network to take along.

import { button, fold, paragraph } from "./dom.js";
import { labEditor } from "./lab_editor.js";
import { labPictures } from "./lab_pictures.js";
import { networkFile, offer } from "./lab_take.js";

export function labPanels({ model, root, session, attempt }) {
  const text = model.get("text");
  const take = button(text.take, () =>
    attempt(async () => {
      take.disabled = true;
      try {
        const { file, step } = await networkFile(session);
        offer(file, `lab-${step}.safetensors`);
      } finally {
        take.disabled = false;
      }
    }),
  );
  root.append(labEditor({ model, session, attempt }));
  if (model.get("small")) return;
  const along = fold(text.along, paragraph("lw-hint", text.along_said), take);
  root.append(labPictures({ model, session, attempt }), along);
}
