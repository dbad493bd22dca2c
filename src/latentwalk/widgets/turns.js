// Of what takes long to come, the last one counts. What this gives begins another one, and says by isLast() whether none has begun since.
export function turns() {
  let last = 0;
  return () => {
    last += 1;
    const mine = last;
    return () => mine === last;
  };
}
