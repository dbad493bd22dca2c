// What makes the figures of a page, with no kernel: ipywidgets' own controls, and the modules of anywidgets. places.js asks for it.

import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { Manager } from "./manager.js";
import "@jupyter-widgets/base/css/index.css";
import "@jupyter-widgets/controls/css/widgets.css";
import "./main.css";

const manager = new Manager();

// Makes the widget `view`, one of these models; returns what puts it into an element of the page.
latentwalk.show = async (models, view) => {
  manager.add(models);
  const model = await manager.get_model(view);
  for (const id of manager.links(models)) await manager.get_model(id); // before the view: a slider rounds as it is shown
  const { luminoWidget } = await manager.create_view(model);
  return (host) => {
    Widget.attach(luminoWidget, host);
    new ResizeObserver(() => MessageLoop.postMessage(luminoWidget, Widget.ResizeMessage.UnknownSize)).observe(host);
  };
};
