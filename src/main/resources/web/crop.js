import { h } from "./dom.js";
import { t } from "./strings.js";

const LEAST = 12;
const STEP = 0.05;

/**
 * A picture on which a piece can be marked, by dragging or with the arrow keys (with Shift they change its size). Calls
 * with the piece as a file of its own.
 */
export function crop(file, use) {
  const url = URL.createObjectURL(file);
  const image = h("img", { src: url, alt: t("yourPicture"), draggable: "false" });
  const box = h("span", { class: "piece", hidden: true });
  const stage = h("div", { class: "stage", tabindex: "0", role: "group", "aria-label": t("cropHow") }, image, box);
  const apply = h("button", { type: "button", class: "primary", hidden: true }, t("cropUse"));
  let piece = null; // shares of the picture's sides
  let from = null;
  image.addEventListener("load", () => URL.revokeObjectURL(url));

  const at = (event) => {
    const frame = image.getBoundingClientRect();
    const share = (v) => Math.min(1, Math.max(0, v));
    return [share((event.clientX - frame.left) / frame.width), share((event.clientY - frame.top) / frame.height)];
  };
  const mark = (next) => {
    piece = next;
    box.hidden = apply.hidden = !piece;
    if (!piece) return;
    for (const [name, value] of Object.entries({ left: piece.x, top: piece.y, width: piece.w, height: piece.h })) box.style[name] = value * 100 + "%";
  };
  stage.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    from = at(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(event);
    const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
    mark({ x, y, w: Math.abs(to[0] - from[0]), h: Math.abs(to[1] - from[1]) });
  });
  stage.addEventListener("pointerup", () => {
    from = null;
    if (piece && (piece.w * image.width < LEAST || piece.h * image.height < LEAST)) mark(null);
  });
  stage.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key] || [];
    if (event.key === "Escape") mark(null);
    if (dx === undefined) return;
    event.preventDefault();
    const p = piece || { x: 0.25, y: 0.25, w: 0.5, h: 0.5 };
    const within = (v, least, most) => Math.min(most, Math.max(least, v));
    if (event.shiftKey) mark({ ...p, w: within(p.w + dx, 0.1, 1 - p.x), h: within(p.h + dy, 0.1, 1 - p.y) });
    else mark({ ...p, x: within(p.x + dx, 0, 1 - p.w), y: within(p.y + dy, 0, 1 - p.h) });
  });
  apply.addEventListener("click", async () => {
    const whole = await createImageBitmap(file);
    const [x, y, w, height] = [piece.x * whole.width, piece.y * whole.height, piece.w * whole.width, piece.h * whole.height].map(Math.round);
    const canvas = h("canvas", { width: Math.max(1, w), height: Math.max(1, height) });
    canvas.getContext("2d").drawImage(whole, x, y, w, height, 0, 0, canvas.width, canvas.height);
    whole.close();
    canvas.toBlob((blob) => use(new File([blob], file.name, { type: "image/png" })), "image/png");
  });
  return h("div", { class: "row crop" }, stage, h("div", {}, h("p", { class: "quietly" }, t("cropHow")), apply));
}
