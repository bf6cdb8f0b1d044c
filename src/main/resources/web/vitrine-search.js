/**
 * <vitrine-search endpoint="https://pictures.shop.example" key="vk_…" link="/p/{product_id}"></vitrine-search>
 *
 * Search by words and by photo for a shop's own page. The key is seen by everybody who opens the page: use one with the
 * role read. The page's origin must be in VITRINE_CORS_ORIGINS. Sends a "found" event with the results, and "pick" with the
 * product that was clicked. Styled by the custom properties --vitrine-accent, --vitrine-line and --vitrine-radius, and by
 * the parts form, input, button, results, card, image, name.
 */
const STYLE = `
  :host { display: block; font: inherit; --a: var(--vitrine-accent, #1f6f63); --l: var(--vitrine-line, #d0d0d0); --r: var(--vitrine-radius, 8px); }
  form { display: flex; flex-wrap: wrap; gap: 8px; }
  input[type=search] { flex: 1 1 12rem; min-width: 0; }
  input, button, label { font: inherit; padding: 0.5em 0.8em; border: 1px solid var(--l); border-radius: var(--r); background: transparent; color: inherit; cursor: pointer; }
  button { background: var(--a); border-color: var(--a); color: #fff; }
  input[type=file] { position: absolute; width: 1px; height: 1px; padding: 0; clip-path: inset(50%); }
  input:focus-visible, button:focus-visible, input:focus-visible + label, a:focus-visible { outline: 2px solid var(--a); outline-offset: 2px; }
  ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 12px; list-style: none; padding: 0; margin: 12px 0 0; }
  li { border: 1px solid var(--l); border-radius: var(--r); padding: 8px; min-width: 0; overflow-wrap: anywhere; }
  li[role] { grid-column: 1 / -1; border: 0; padding: 0; }
  img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: #fff; }
  a { color: inherit; text-decoration: none; }
`;
const WORDS = {
  en: { words: "What are you looking for?", search: "Search", photo: "By photo", none: "Nothing is close enough.", wrong: "The search does not answer. Try again." },
  fr: { words: "Que cherchez-vous ?", search: "Chercher", photo: "Par photo", none: "Rien d’assez proche.", wrong: "La recherche ne répond pas. Réessayez." },
};
/** Scores of words lie far below those of pictures. */
const NEAR = { text: 0.18, picture: 0.5 };

class VitrineSearch extends HTMLElement {
  #results;
  #asked = 0;

  connectedCallback() {
    if (this.shadowRoot) return;
    const words = WORDS[(this.closest("[lang]")?.lang || navigator.language).slice(0, 2)] || WORDS.en;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const make = (name, properties, ...children) => {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...children);
      return element;
    };
    const input = make("input", { type: "search", placeholder: words.words, maxLength: 2000 });
    input.setAttribute("aria-label", words.words);
    const file = make("input", { type: "file", accept: "image/*", id: "photo" });
    const label = make("label", { htmlFor: "photo" }, words.photo);
    const form = make("form", {}, input, make("button", {}, words.search), file, label);
    this.#results = make("ul", {});
    this.#results.setAttribute("aria-live", "polite");
    for (const [element, part] of [[form, "form"], [input, "input"], [form.querySelector("button"), "button"], [label, "button"], [this.#results, "results"]]) element.setAttribute("part", part);
    root.append(form, this.#results);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) this.#search(words, JSON.stringify({ text: input.value.trim(), limit: 24 }), NEAR.text, make);
    });
    file.addEventListener("change", () => {
      if (!file.files[0]) return;
      const body = new FormData();
      body.append("image_file", file.files[0], "photo");
      body.append("limit", "24");
      this.#search(words, body, NEAR.picture, make);
      file.value = "";
    });
  }

  #fetch(path, options = {}) {
    const key = this.getAttribute("key");
    const headers = { ...options.headers, ...(key ? { Authorization: "Bearer " + key } : {}) };
    return fetch((this.getAttribute("endpoint") || ".").replace(/\/$/, "") + "/" + path, { ...options, headers });
  }

  async #search(words, body, near, make) {
    const mine = ++this.#asked;
    try {
      const response = await this.#fetch("search", { method: "POST", body, headers: typeof body === "string" ? { "Content-Type": "application/json" } : {} });
      if (!response.ok) throw new Error(String(response.status));
      const found = (await response.json()).results.filter((r) => r.score >= near);
      if (mine !== this.#asked) return; // a later search overtook this one
      this.#results.replaceChildren(...(found.length ? found.map((r) => this.#card(r, make)) : [make("li", { role: "status" }, words.none)]));
      this.dispatchEvent(new CustomEvent("found", { detail: found }));
    } catch {
      if (mine === this.#asked) this.#results.replaceChildren(make("li", { role: "alert" }, words.wrong));
    }
  }

  #card(hit, make) {
    const image = make("img", { alt: "" });
    const path = `products/${encodeURIComponent(hit.product_id)}/images/${encodeURIComponent(hit.image_id)}/thumbnail`;
    this.#fetch(path).then(async (response) => {
      if (!response.ok) return image.remove();
      image.src = URL.createObjectURL(await response.blob());
      image.onload = () => URL.revokeObjectURL(image.src);
    }, () => image.remove());
    const link = this.getAttribute("link");
    const card = make(link ? "a" : "div", {}, image, make("div", {}, hit.name));
    if (link) card.href = link.replace("{product_id}", encodeURIComponent(hit.product_id));
    image.setAttribute("part", "image");
    card.lastChild.setAttribute("part", "name");
    card.addEventListener("click", () => this.dispatchEvent(new CustomEvent("pick", { detail: hit })));
    const item = make("li", {}, card);
    item.setAttribute("part", "card");
    return item;
  }
}

customElements.define("vitrine-search", VitrineSearch);
