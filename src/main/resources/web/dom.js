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

/** A picture of the index; hides itself where there is none. */
export function thumbnail(source, productId) {
  const frame = h("span", { class: "thumb", "aria-hidden": "true" }, (productId || "?").slice(0, 2).toUpperCase());
  source.then((url) => {
    if (!url) return;
    const image = h("img", { src: url, alt: "", loading: "lazy", decoding: "async" });
    image.addEventListener("load", () => URL.revokeObjectURL(url));
    frame.replaceChildren(image);
  });
  return frame;
}
