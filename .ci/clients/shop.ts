import { openAsBlob } from 'node:fs';
import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Configuration,
  JobStatus,
  PicturesApi,
  ProductsApi,
  ResponseError,
  SearchApi,
  ServiceApi
} from '../../target/clients/typescript';

/** What a shop does, through the client that was generated: `node shop.js URL PICTURE`. */
async function main(url: string, picture: string) {
  const configuration = new Configuration({ basePath: url });
  const pictures = new PicturesApi(configuration);
  const products = new ProductsApi(configuration);
  const search = new SearchApi(configuration);
  const imageFile = new File([await openAsBlob(picture)], 'mug.jpg');
  const productId = 'typescript-1';

  const receipt = await pictures.indexProductWithImage({
    productId,
    name: 'Grüner Becher – 茶杯',
    imageFile,
    imageId: 'front',
    metadata: JSON.stringify({ price: 12.5, colour: 'grün' })
  });
  assert.equal(receipt.status, 'queued');

  let job = await pictures.getJob({ jobId: receipt.jobId });
  for (let i = 0; i < 100 && job.status !== JobStatus.Completed; i++) {
    assert.notEqual(job.status, JobStatus.Failed, String(job.error));
    await sleep(200);
    job = await pictures.getJob({ jobId: receipt.jobId });
  }
  assert.equal(job.status, JobStatus.Completed);
  assert.equal(job.imageId, 'front');
  assert.ok(job.finishedAt instanceof Date);

  const page = await pictures.listJobs({ productId, limit: 10 });
  assert.deepEqual(page.jobs.map((listed) => listed.jobId), [job.jobId]);

  const byPicture = await search.searchByPicture({ imageFile, limit: 3, minScore: 0.5, filter: JSON.stringify({ price: { lt: 20 } }) });
  const found = byPicture.results.find((result) => result.productId === productId);
  assert.ok(found && found.score > 0.99);
  assert.equal(found.name, 'Grüner Becher – 茶杯');
  assert.deepEqual(found.metadata, { price: 12.5, colour: 'grün' });

  const byWords = await search.search({ wordSearch: { text: 'green mug', limit: 10 } });
  assert.ok(byWords.results.some((result) => result.productId === productId));

  assert.equal((await products.getProduct({ productId })).images.length, 1);
  assert.equal((await products.deleteProduct({ productId })).deleted, 1);
  await assert.rejects(
    products.getProduct({ productId }),
    (e) => e instanceof ResponseError && e.response.status === 404
  );
  assert.equal((await new ServiceApi(configuration).getStats()).queue.mode, 'redis');
}

main(process.argv[2], process.argv[3]).then(
  () => console.log('TypeScript: uploaded, polled, searched by picture and by words, deleted'),
  (e) => {
    console.error(e);
    process.exit(1);
  }
);
