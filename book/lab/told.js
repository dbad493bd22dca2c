// What goes wrong in the worker: the name of a sentence, whose words the figure has (lab.py), and what is filled into it.

export class Told extends Error {
  constructor(key, values = {}) {
    super([key, ...Object.values(values)].join(" "));
    Object.assign(this, { key, values });
  }
}
