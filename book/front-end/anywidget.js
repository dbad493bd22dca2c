// Widgets that bring their own JavaScript, by anywidget's contract (AFM): a module with `initialize` and `render`.
// The book keeps each module as a script of its own (`_code` is its digest), so that no text has to be run as code.

import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { tr } from "./tr.js";

const experimental = { invoke: () => Promise.reject(new Error("there is no kernel")) };

async function definition(model) {
  const code = model.get("_code");
  const module = latentwalk.modules[code];
  if (!module) throw new Error(tr("{file} is damaged", { file: `_static/figures/${code}.js` }));
  if (module.css) {
    const style = document.createElement("style");
    style.textContent = module.css;
    document.head.append(style);
    module.css = "";
  }
  const found = module.default ?? module;
  return typeof found === "function" ? found() : found;
}

export class AnyModel extends DOMWidgetModel {
  // The module's definition, initialized once for all views.
  ready() {
    this._ready ??= (async () => {
      const found = await definition(this);
      await found.initialize?.({ model: this, signal: new AbortController().signal, experimental });
      return found;
    })();
    return this._ready;
  }
}

export class AnyView extends DOMWidgetView {
  async render() {
    super.render();
    const ending = new AbortController();
    const found = await this.model.ready();
    const cleanup = await found.render?.({ model: this.model, el: this.el, signal: ending.signal, experimental });
    this.once("remove", () => {
      ending.abort();
      cleanup?.();
    });
  }
}
