// The widget manager of a page without a kernel: makes models and views from the state that the page carries.
// What ipywidgets asks of one (IWidgetManager), and no more: nothing is sent, nothing waits for an answer.

import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import * as anywidget from "./anywidget.js";
import * as output from "./output.js";
import { sentence } from "./sentence.js";

const PACKAGES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  "@jupyter-widgets/output": output,
  anywidget,
};

function find(module, name) {
  const found = PACKAGES[module]?.[name];
  if (!found) throw new Error(`the page has no ${name} of ${module}`);
  return found;
}

export class Manager {
  #states = new Map(); // id -> what is known of a model
  #models = new Map(); // id -> promise of the model

  // Takes over the states of models; those that another figure of the page has brought stay as they are.
  add(states) {
    for (const [id, state] of Object.entries(states)) if (!this.#states.has(id)) this.#states.set(id, state);
  }

  // The ids of the links among these models: no other model refers to them.
  links(states) {
    return Object.keys(states).filter((id) => states[id].model_name.endsWith("LinkModel"));
  }

  has_model(id) {
    return this.#states.has(id);
  }

  // A model is made when it is first asked for, by the view of a figure or by a model that refers to it.
  get_model(id) {
    if (!this.#models.has(id)) this.#models.set(id, this.#make(id));
    return this.#models.get(id);
  }

  async #make(id) {
    const known = this.#states.get(id);
    if (!known) throw new Error(`the page has no widget ${id}`);
    const { model_name, model_module, state, buffers = [] } = structuredClone(known);
    for (const { path, data } of buffers) {
      const last = path.pop();
      path.reduce((part, key) => part[key], state)[last] = new DataView(latentwalk.bytes(data).buffer);
    }
    const Model = find(model_module, model_name);
    const attributes = await Model._deserialize_state(state, this);
    const model = new Model(attributes, { widget_manager: this, model_id: id });
    return Object.assign(model, { name: model_name, module: model_module });
  }

  // A view that cannot be made says so in its place: the others of the figure live on.
  async create_view(model, options = {}) {
    try {
      const View = find(model.get("_view_module"), model.get("_view_name"));
      const view = new View({ model, options });
      view.listenTo(model, "destroy", view.remove);
      await view.render();
      return view;
    } catch (error) {
      const view = new base.DOMWidgetView({ model, options });
      view.el.append(sentence(error));
      return view;
    }
  }

  callbacks() {
    return {};
  }

  // What a notebook's author wrote as HTML is as trustworthy as the page, which is the author's as well.
  inline_sanitize(text) {
    return text;
  }

  resolve_url(url) {
    return Promise.resolve(url);
  }
}
