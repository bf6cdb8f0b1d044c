// Opens every route and kamelet as Kaoto does, looks at each step's form, saves each form unchanged, and requires that
// the file Kaoto would write means exactly what it meant before.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { JSDOM } from 'jsdom';
import YAML from 'yaml';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.join(here, '..', '..');
const kaotoFolder = path.join(here, 'node_modules', '@kaoto', 'kaoto', 'lib');
const camel = '4.18';

const files = [
  ['routes', '.camel.yaml'],
  ['routes/examples', '.camel.yaml'],
  ['kamelets', '.kamelet.yaml'],
].flatMap(([folder, ending]) =>
  readdirSync(path.join(project, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`),
);

let kaoto;
let scratch;

before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'kaoto-'));
  const { window } = new JSDOM('', { url: 'http://localhost/' });
  for (const name of ['window', 'navigator', 'document', 'HTMLElement', 'Element', 'Node', 'DOMParser', 'XMLSerializer']) {
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
  }
  kaoto = await loadKaoto(path.join(scratch, 'kaoto.mjs'));
  loadCatalog();
});

after(() => rm(scratch, { recursive: true, force: true }));

/** Kaoto is made for a browser's bundler; its models alone are bundled here. */
async function loadKaoto(outfile) {
  const empty = Object.fromEntries(['.css', '.scss', '.svg', '.png', '.ttf'].map((ending) => [ending, 'empty']));
  await build({
    stdin: {
      contents: `
        export { CamelResourceFactory } from './models/camel/camel-resource-factory.js';
        export { CamelCatalogService } from './models/visualization/flows/camel-catalog.service.js';
        export { CatalogKind } from './models/catalog-kind.js';`,
      resolveDir: path.join(kaotoFolder, 'esm'),
    },
    bundle: true,
    format: 'esm',
    outfile,
    loader: empty,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile));
}

/** Kaoto's catalogue of the Camel version next to ours. */
function loadCatalog() {
  const folder = path.join(here, 'node_modules', '@kaoto', 'camel-catalog', 'dist', 'camel-catalog');
  const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
  const index = json(path.join(folder, 'index.json')).definitions.find(
    ({ runtime, version }) => runtime === 'Main' && version.startsWith(camel) && !version.includes('redhat'),
  );
  assert.ok(index, `no catalogue of Camel ${camel}`);
  const indexFile = path.join(folder, index.fileName);
  const { catalogs } = json(indexFile);
  const part = (name) => json(path.join(path.dirname(indexFile), catalogs[name].file));
  const kinds = {
    Component: part('components'),
    Processor: part('models'),
    Pattern: part('patterns'),
    Entity: part('entities'),
    Language: part('languages'),
    Dataformat: part('dataformats'),
    Loadbalancer: part('loadbalancers'),
    Kamelet: { ...part('kameletBoundaries'), ...part('kamelets'), ...ourKamelets() },
  };
  for (const [kind, content] of Object.entries(kinds)) {
    kaoto.CamelCatalogService.setCatalogKey(kaoto.CatalogKind[kind], content);
  }
}

function ourKamelets() {
  return Object.fromEntries(
    files
      .filter((file) => file.startsWith('kamelets/'))
      .map((file) => YAML.parse(read(file)))
      .map((kamelet) => [kamelet.metadata.name, kamelet]),
  );
}

function read(file) {
  return readFileSync(path.join(project, file), 'utf8');
}

/** All boxes that Kaoto draws for a node. */
function boxes(node) {
  return [node, ...(node.getChildren() ?? []).flatMap(boxes)];
}

/** Each step in a list of steps, at any depth; an idempotent consumer is one box in Kaoto. */
function countSteps(definition) {
  if (definition === null || typeof definition !== 'object') {
    return 0;
  }
  const own = Array.isArray(definition.steps) ? definition.steps.length : 0;
  return Object.entries(definition)
    .filter(([key]) => key !== 'idempotentConsumer')
    .reduce((sum, [, value]) => sum + countSteps(value), own);
}

/** Kaoto writes an empty `parameters` where there was none, which says nothing. */
function meaning(definition) {
  if (Array.isArray(definition)) {
    return definition.map(meaning);
  }
  if (definition === null || typeof definition !== 'object') {
    return definition;
  }
  return Object.fromEntries(
    Object.entries(definition)
      .filter(([key, value]) => key !== 'parameters' || Object.keys(value).length > 0)
      .map(([key, value]) => [key, meaning(value)]),
  );
}

for (const file of files) {
  test(`${file} survives Kaoto`, () => {
    const source = read(file);
    const before = YAML.parse(source);
    const resource = kaoto.CamelResourceFactory.createCamelResource(source, { path: file });
    const entities = resource.getVisualEntities();
    if (before.some?.((entry) => entry.route || entry.routeConfiguration) ?? true) {
      assert.ok(entities.length > 0, 'Kaoto draws nothing');
    }

    let drawnSteps = 0;
    for (const entity of entities) {
      for (const box of boxes(entity.toVizNode())) {
        const at = box.data.path;
        if (/\.steps\.\d+\.(?!placeholder$)[A-Za-z]+$/.test(at)) {
          drawnSteps++;
        }
        assert.equal(entity.getNodeValidationText(at) || '', '', `Kaoto finds fault with ${at}`);
        const form = entity.getComponentSchema(at);
        if (form?.definition !== undefined && at !== entity.getRootPath()) {
          entity.updateModel(at, form.definition);
        }
      }
    }
    assert.equal(drawnSteps, countSteps(before), 'steps that Kaoto draws');
    assert.deepEqual(meaning(YAML.parse(resource.toString())), meaning(before));
  });
}
