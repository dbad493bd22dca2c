// The loss as a text that the reader changes: the editor, the bugs of chapter 08 as buttons, and what differs from the right program.

import { box, button, element, fold, paragraph } from "./dom.js";
import { labPart } from "./lab_files.js";
import { turns } from "./turns.js";
import { fill, say } from "./words.js";

// The lines of `now` and `before` in order: [["-", line], ["+", line], ...], equal ones left out (longest common subsequence).
export function differences(before, now) {
  const [a, b] = [before.split("\n"), now.split("\n")];
  const best = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j >= b.length || (i < a.length && best[i + 1][j] >= best[i][j + 1])) found.push(["-", a[i++]]);
    else found.push(["+", b[j++]]);
  }
  return found;
}

// The line, from 1, at which a problem is shown that has none of its own: what is returned or, if nothing ends it, the last loop.
export function likelyLine(program, endless) {
  const lines = program.split("\n");
  const found = lines.findLastIndex((line) => (endless ? /\b(for|while|do)\b/ : /\breturn\b/).test(line));
  return Math.max(0, found) + 1;
}

// A panel that fetches the editor when it is opened first.
export function labEditor({ model, session, attempt }) {
  const text = model.get("text");
  const right = model.get("program");
  const bugs = model.get("bugs"); // name, what it replaces, by what, the check that catches it
  const host = box("lw-editor");
  const diff = element("pre", { class: "lw-diff", "aria-label": text.diff });
  const verdict = paragraph("lw-readout");
  verdict.setAttribute("role", "status");
  let editor = null;
  const begin = turns(); // an answer about a program that has been replaced meanwhile is not shown
  let coming = null;
  const bring = async () => {
    const make = await labPart(model, "editor");
    editor = make({ parent: host, text: session.program(), label: text.editor, run, changed: () => editor && show() });
    show();
  };
  // Once, by whoever asks first: what opens the panel, or a button in it.
  const whole = () => {
    coming ??= bring().catch((error) => {
      coming = null;
      throw error;
    });
    return coming;
  };

  const judge = async (isLast) => {
    const line = editor.wrongLine();
    const problem = line ? { line, message: text.syntax } : await session.tryProgram(editor.text);
    if (!isLast()) return;
    if (problem) {
      problem.line ??= likelyLine(editor.text, problem.message === text.endless);
      editor.mark(problem.line, problem.message);
    }
    say(verdict, problem ? `${fill(text.at, problem)}. ${text.kept}` : text.taken);
    verdict.classList.toggle("lw-wrong", Boolean(problem));
  };
  const run = () =>
    attempt(async () => {
      await whole();
      const isLast = begin();
      editor.clear();
      say(verdict, text.trying);
      await judge(isLast).catch((error) => {
        if (isLast()) say(verdict, "");
        throw error;
      });
    });
  const show = () => {
    const lines = differences(right, editor.text);
    diff.replaceChildren(...lines.map(([sign, line]) => element(sign === "-" ? "del" : "ins", {}, `${sign} ${line}`)));
    diff.hidden = !lines.length;
  };
  const put = (program, words) =>
    attempt(async () => {
      await whole();
      begin();
      editor.text = program;
      editor.clear();
      say(verdict, words);
      verdict.classList.remove("lw-wrong");
    });
  const row = box(
    "lw-bugs",
    button(text.right, () => put(right, text.right_said)),
  );
  for (const [name, from, to, check] of bugs)
    row.append(button(name, () => put(right.replace(from, to), fill(text.bug_said, { name, check }))));
  const runs = button(text.run, run);
  const panel = fold(
    text.edit,
    paragraph("lw-hint", text.edit_said),
    host,
    box("lw-buttons", runs),
    verdict,
    diff,
    paragraph("lw-hint", text.bugs),
    row,
  );
  panel.addEventListener("toggle", () => {
    if (panel.open) attempt(whole);
  });
  return panel;
}
