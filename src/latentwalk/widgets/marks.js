// Marks on a drawing. `pen` is a canvas's 2-D context; places are in CSS pixels.

const DROP = 4.5; // CSS pixels from the middle of a line of text down to its foot: browsers differ in what the middle of a font is

const stroke = (pen, color, width) => {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.stroke();
};

export function line(pen, color, width, ...points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  stroke(pen, color, width);
}

export function dashed(pen, pattern, paint) {
  pen.setLineDash(pattern);
  paint();
  pen.setLineDash([]);
}

export const corners = ([left, right], [top, bottom]) => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

// What lies within these points.
export function area(pen, color, alpha, points) {
  pen.fillStyle = color;
  pen.globalAlpha = alpha;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.fill();
  pen.globalAlpha = 1;
}

export function dot(pen, color, x, y, radius, edge = null, width = 1.5) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
  if (edge) stroke(pen, edge, width);
}

// The circles around a prior: one, two and three of its standard deviations.
export function circles(pen, color, x, y, unit, width = 1.5, radii = [1, 2, 3]) {
  dashed(pen, [5, 4], () => {
    for (const radius of radii) {
      pen.beginPath();
      pen.arc(x, y, radius * unit, 0, 2 * Math.PI);
      stroke(pen, color, width);
    }
  });
}

// With its middle at a height, or its foot ("alphabetic"); with an `edge` of that colour it stands out from what lies behind.
export function write(pen, words, x, y, color, align = "center", baseline = "middle", edge = null) {
  const place = [words, x, baseline === "middle" ? y + DROP : y];
  pen.textAlign = align;
  pen.textBaseline = "alphabetic";
  if (edge) {
    [pen.strokeStyle, pen.lineWidth, pen.lineJoin] = [edge, 4, "round"];
    pen.strokeText(...place);
  }
  pen.fillStyle = color;
  pen.fillText(...place);
}

// Paints no further than these sides.
export function within(pen, [left, right], [top, bottom], paint) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  paint();
  pen.restore();
}
