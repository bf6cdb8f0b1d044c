/**
 * Makes an element. Children are elements or text, never markup, so that what shops write stays text.
 * Properties that begin with "on" are listeners; others are attributes, left out where false or null.
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Text of a shop in its own direction, so that right-to-left marks in it move nothing around it. */
export function foreign(text, properties = {}) {
  return h("bdi", properties, String(text));
}

/** What the address says after #/: the view and its parameters. */
export function place() {
  const [view, query = ""] = location.hash.replace(/^#\//, "").split("?");
  return { view: view || "find", parameters: new URLSearchParams(query) };
}

/** The address of a view; empty parameters are left out. */
export function address(view, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return "#/" + view + (query.size ? "?" + query : "");
}

const wanted = new WeakMap();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      wanted.get(target)();
    }
  },
  { rootMargin: "200px" },
);

/**
 * A picture of the index, asked for when it comes near what is seen; initials where there is none.
 *
 * @param source promises its address, or null
 */
export function thumbnail(source, productId) {
  const frame = h("span", { class: "thumb", "aria-hidden": "true" }, (productId || "?").slice(0, 2).toUpperCase());
  wanted.set(frame, async () => {
    const url = await source();
    if (!url) return;
    const image = h("img", { src: url, alt: "", decoding: "async" });
    image.addEventListener("load", () => URL.revokeObjectURL(url));
    frame.replaceChildren(image);
  });
  watcher.observe(frame);
  return frame;
}
