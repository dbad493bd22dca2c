// What makes the figures of a page, with no kernel: ipywidgets' own controls, and the modules of anywidgets. places.js asks for it.

import "@jupyter-widgets/base/css/index.css";
import "@jupyter-widgets/controls/css/widgets.css";
import "./main.css";
import { pause } from "./pause.js";

// The packages start one after the other, and the browser can answer the reader between two of them. ipywidgets stands on the first.
async function start() {
  await import("jquery");
  await pause();
  await import("backbone");
  await pause();
  const { MessageLoop } = await import("@lumino/messaging");
  const { Widget } = await import("@lumino/widgets");
  await import("@jupyter-widgets/base");
  await pause();
  await import("@jupyter-widgets/controls");
  await pause();
  const { Manager } = await import("./manager.js");
  return { MessageLoop, Widget, manager: new Manager() };
}
const started = start();

// Makes the widget `view`, one of these models; returns what puts it into an element of the page.
latentwalk.show = async (models, view) => {
  const { MessageLoop, Widget, manager } = await started;
  manager.add(models);
  const model = await manager.get_model(view);
  for (const id of manager.links(models)) await manager.get_model(id); // before the view: a slider rounds as it is shown
  const { luminoWidget } = await manager.create_view(model);
  return (host) => {
    Widget.attach(luminoWidget, host);
    new ResizeObserver(() => MessageLoop.postMessage(luminoWidget, Widget.ResizeMessage.UnknownSize)).observe(host);
  };
};

// The model of the figure in a card.
latentwalk.model = async (view) => {
  const { manager } = await started;
  const card = await manager.get_model(view);
  return card.get("children").find((one) => one.get("_anywidget_id")); // a Lab has a button above it
};
