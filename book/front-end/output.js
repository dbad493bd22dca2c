// ipywidgets' Output as a page shows it: what had been printed and displayed in it when the notebook was run.

import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { Widget } from "@lumino/widgets";

const VIEW = "application/vnd.jupyter.widget-view+json";
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"); // of a terminal

function text(content) {
  const node = document.createElement("pre");
  node.textContent = [content].flat().join("").replace(COLOURS, "");
  return node;
}

function picture(type, data) {
  const node = document.createElement("img");
  node.src = type.startsWith("image/svg")
    ? `data:${type};utf8,${encodeURIComponent(data)}`
    : `data:${type};base64,${data}`;
  node.alt = "";
  return node;
}

export class OutputModel extends DOMWidgetModel {
  defaults() {
    return { ...super.defaults(), outputs: [] };
  }
}

export class OutputView extends DOMWidgetView {
  async render() {
    super.render();
    this.el.classList.add("jupyter-widgets-output-area");
    for (const output of this.model.get("outputs")) this.el.append(await this.show(output));
  }

  async show({ output_type, text: printed, traceback, data = {} }) {
    if (output_type === "stream") return text(printed);
    if (output_type === "error") return text(traceback.join("\n"));
    const host = document.createElement("div");
    const image = Object.keys(data).find((type) => type.startsWith("image/"));
    if (data[VIEW]) {
      const manager = this.model.widget_manager;
      const view = await manager.create_view(await manager.get_model(data[VIEW].model_id));
      this.displayed.then(() => Widget.attach(view.luminoWidget, host));
    } else if (data["text/html"]) host.innerHTML = [data["text/html"]].flat().join("");
    else if (image) host.append(picture(image, [data[image]].flat().join("")));
    else host.append(text(data["text/plain"] ?? ""));
    return host;
  }
}
