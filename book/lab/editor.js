// The editor of a Lab: CodeMirror, for a program of a dozen lines, with what is wrong beside its line.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  ensureSyntaxTree,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The colours are those of the figure around it, light or dark.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--lw-vae)" },
  { tag: tags.comment, color: "var(--lw-muted)" },
  { tag: tags.function(tags.variableName), fontWeight: "600" },
]);
const looks = EditorView.theme({
  "&": { backgroundColor: "var(--lw-back)", color: "var(--lw-text)", fontSize: "0.85rem" },
  ".cm-content": { caretColor: "var(--lw-text)" },
  ".cm-cursor": { borderLeftColor: "var(--lw-text)" },
  ".cm-gutters": {
    backgroundColor: "var(--lw-back)",
    color: "var(--lw-muted)",
    borderRight: "1px solid var(--lw-soft)",
  },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--lw-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--lw-back)", color: "var(--lw-text)", borderColor: "var(--lw-line)" },
});

const PATIENCE = 1000; // ms in which a program is read to its end; of a longer one the worker tells

// The place of the first thing that is no JavaScript, or null.
function syntaxError(state) {
  let found = null;
  ensureSyntaxTree(state, state.doc.length, PATIENCE)?.iterate({
    enter: ({ type, from }) => {
      if (type.isError) found ??= from;
    },
  });
  return found;
}

// label: its name for screen readers; run() is called by Ctrl-Enter; changed() when the text has changed.
globalThis.latentwalkLab.editor = ({ parent, text, label, run, changed }) => {
  const enter = () => {
    run();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: enter }, ...defaultKeymap, ...historyKeymap]), // Tab leaves the editor, as everywhere in the page
        [lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), lintGutter()],
        [javascript(), syntaxHighlighting(colours), looks, EditorView.lineWrapping],
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of(({ docChanged }) => docChanged && changed()),
      ],
    }),
  });
  view.dom.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab has keys of its own
  const mark = (line, message) => {
    const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    const problem = { from: at.from, to: at.to, severity: "error", message };
    view.dispatch(setDiagnostics(view.state, message ? [problem] : []));
  };
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(words) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: words } });
    },
    mark,
    clear: () => view.dispatch(setDiagnostics(view.state, [])),
    // The line, from 1, of the first thing that is no JavaScript, or null.
    wrongLine() {
      const at = syntaxError(view.state);
      return at === null ? null : view.state.doc.lineAt(at).number;
    },
  };
};
