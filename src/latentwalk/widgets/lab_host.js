// The worker of a Lab in a frame of its own. The frame's origin is nobody's and its policy lets it fetch nothing: what runs in the worker,
// a program of the reader's too, has no network, no storage and no page. Whoever removes the frame ends it, whatever it is doing.

const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob: data:";
// Without an origin only a worker from a data: URL is a secure context, which WebGPU asks for; a page's policy may allow blob: alone.
const SCRIPT = `onmessage = ({ data, ports }) => {
  const begin = (url) => {
    const worker = new Worker(url);
    worker.onerror = () => parent.postMessage("dead", "*");
    worker.postMessage(0, ports);
  };
  const plain = () => begin(URL.createObjectURL(new Blob([data], { type: "text/javascript" })));
  const type = "data:text/javascript,";
  try {
    if (!navigator.gpu) throw new Error();
    const first = new Worker(type + "postMessage(0)");
    first.onmessage = () => {
      first.terminate();
      begin(type + encodeURIComponent(data));
    };
    first.onerror = plain;
  } catch {
    plain();
  }
};`;
const TRY = 5000; // ms in which a program has to be read and recorded: some hundredths of a second, if it ends
const TICK = 1000;
// Ticks without a word from a worker that owes one: while it starts, and once a reader's program, which may leave a timer behind, has run.
const SILENT = { dead: 40, endless: 5 };

function sandbox() {
  const tag = "script";
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.hidden = true;
  frame.title = "";
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><${tag}>${SCRIPT}</${tag}>`;
  return frame;
}

// hear({kind, ...}) gets what the worker says; died(why) is called once if it has ended by itself ("dead") or had to be ended ("endless").
export function labHost(text, { hear, died }) {
  const frame = sandbox();
  const { port1, port2 } = new MessageChannel();
  let trying = 0;
  let silent = 0;
  let asked = 0;
  let owing = false; // a word: it has been asked something, and has not said since that it has heard all and rests
  let suspect = "dead"; // what it is if it says nothing
  const stop = () => {
    clearTimeout(trying);
    clearInterval(ticking);
    removeEventListener("message", dead);
    port1.close();
    frame.remove();
  };
  const end = (why) => {
    stop();
    died(why);
  };
  const dead = ({ source, data }) => {
    if (source === frame.contentWindow && data === "dead") end("dead");
  };
  const ticking = setInterval(() => {
    silent = owing ? silent + 1 : 0;
    if (silent > SILENT[suspect]) end(suspect);
  }, TICK);
  port1.onmessage = ({ data }) => {
    silent = 0;
    owing = data.kind !== "rest" || data.heard < asked;
    if (data.kind === "trying") trying = setTimeout(end, TRY, "endless");
    if (data.kind === "tried") {
      clearTimeout(trying);
      suspect = "endless";
    }
    hear(data);
  };
  addEventListener("message", dead);
  frame.onload = () => frame.contentWindow.postMessage(text, "*", [port2]);
  document.body.append(frame);
  return {
    stop,
    send(kind, values = {}, buffers = []) {
      owing = true;
      asked += 1;
      port1.postMessage({ kind, ...values }, buffers);
    },
  };
}
