// Lets the browser paint, and answer the reader, between two pieces of work.
export const pause = (time = 0) => new Promise((done) => setTimeout(done, time));
