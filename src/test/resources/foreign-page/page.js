// What a page of somebody else can try on a service, as its query says: ?service=URL&product=ID&key=KEY&job=ID.
// It tells its own server how each attempt went: "read: ..." where it saw the answer, otherwise what happened to it.
const asked = new URLSearchParams(location.search);
const service = asked.get("service");
const product = asked.get("product");
const headers = asked.get("key") ? { "X-API-Key": asked.get("key") } : {};

async function picture() {
    const canvas = new OffscreenCanvas(64, 64);
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = "#a33";
    drawing.fillRect(8, 8, 40, 40);
    return canvas.convertToBlob({ type: "image/png" });
}

async function upload(id) {
    const form = new FormData();
    form.append("product_id", id);
    form.append("name", "From another page");
    form.append("image_file", await picture(), "a.png");
    return form;
}

async function tell(promise) {
    try {
        const answer = await promise;
        return answer.type === "opaque" ? "opaque" : `read: ${answer.status} ${await answer.text()}`;
    } catch (e) {
        return `refused: ${e.name}`;
    }
}

const call = (path, options = {}) => tell(fetch(service + path, { headers, ...options }));
const blind = (path, options = {}) => tell(fetch(service + path, { mode: "no-cors", ...options }));
const json = { method: "POST", headers: { ...headers, "Content-Type": "application/json" } };
const search = JSON.stringify({ text: "a red square", limit: 3 });

function load(tag, path) {
    return new Promise(done => {
        const element = document.createElement(tag);
        element.onload = () => done("loaded");
        element.onerror = () => done("refused: error");
        element.src = service + path;
        document.body.append(element);
    });
}

async function submit() {
    const form = document.createElement("form");
    form.method = "post";
    form.enctype = "multipart/form-data";
    form.target = "frame";
    form.action = service + "/index-product-with-image";
    const files = new DataTransfer();
    files.items.add(new File([await picture()], "a.png", { type: "image/png" }));
    for (const [name, value] of [["product_id", "by-form"], ["name", "By a form"]]) {
        form.append(Object.assign(document.createElement("input"), { name, value }));
    }
    const file = Object.assign(document.createElement("input"), { type: "file", name: "image_file" });
    file.files = files.files;
    form.append(file);
    document.body.append(form);
    const frame = document.getElementById("frame");
    const loaded = new Promise(done => (frame.onload = done));
    form.submit();
    await loaded;
    try {
        return "read: " + frame.contentWindow.document.body.textContent;
    } catch (e) {
        return `refused: ${e.name}`;
    }
}

const attempts = {
    search: () => call("/search", { ...json, body: search }),
    look: () => call("/products/" + product),
    upload: async () => call("/index-product-with-image", { method: "POST", body: await upload("by-fetch") }),
    nothing: () => call("/nothing/here"),
    lookBlindly: () => blind("/products/" + product),
    lookAsScript: () => load("script", "/products/" + product),
    lookAsImage: () => load("img", "/products/" + product),
    uploadBlindly: async () =>
        blind("/index-product-with-image", { method: "POST", body: await upload("by-blind-fetch") }),
    uploadByForm: submit,
    uploadByBeacon: async () =>
        String(navigator.sendBeacon(service + "/index-product-with-image", await upload("by-beacon"))),
    retryBlindly: () => blind("/jobs/retry?status=failed", { method: "POST" }),
    searchBlindly: () => blind("/search", { method: "POST", body: search }),
    delete: () => call("/products/" + product, { method: "DELETE" }),
};

const outcome = {};
for (const [name, attempt] of Object.entries(attempts)) {
    outcome[name] = await attempt();
}
await fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) });
