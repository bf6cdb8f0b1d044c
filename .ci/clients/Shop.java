import client.ApiClient;
import client.ApiException;
import client.api.PicturesApi;
import client.api.ProductsApi;
import client.api.SearchApi;
import client.api.ServiceApi;
import client.model.Job;
import client.model.JobPage;
import client.model.JobStatus;
import client.model.Receipt;
import client.model.SearchResult;
import client.model.SearchResults;
import client.model.WordSearch;
import java.io.File;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What a shop does, through the client that was generated: {@code Shop URL PICTURE}. */
public final class Shop {
    private static final String ID = "java-1";

    // The multipart writer of the generated client knows Latin-1 alone.
    private static final String NAME = "Grüner Becher";

    public static void main(String[] args) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(args[0]);
        File picture = new File(args[1]);
        PicturesApi pictures = new PicturesApi(client);
        SearchApi search = new SearchApi(client);
        ProductsApi products = new ProductsApi(client);

        Receipt receipt =
                pictures.indexProductWithImage(PicturesApi.APIIndexProductWithImageRequest.newBuilder()
                        .productId(ID)
                        .name(NAME)
                        .imageFile(picture)
                        .imageId("front")
                        .metadata("{\"price\": 12.5}")
                        .build());
        check(receipt.getStatus() == Receipt.StatusEnum.QUEUED, receipt);

        Job job = pictures.getJob(job(receipt));
        for (int i = 0; i < 100 && job.getStatus() != JobStatus.COMPLETED; i++) {
            check(job.getStatus() != JobStatus.FAILED, job);
            Thread.sleep(200);
            job = pictures.getJob(job(receipt));
        }
        check(job.getStatus() == JobStatus.COMPLETED, job);
        check("front".equals(job.getImageId()) && job.getFinishedAt() != null, job);

        JobPage page = pictures.listJobs(PicturesApi.APIListJobsRequest.newBuilder().productId(ID).limit(10).build());
        check(page.getJobs().size() == 1 && page.getJobs().get(0).getJobId().equals(job.getJobId()), page);

        SearchResult found = find(search.searchByPicture(SearchApi.APISearchByPictureRequest.newBuilder()
                .imageFile(picture)
                .imageFiles(List.of())
                .limit(3)
                .minScore(new BigDecimal("0.5"))
                .filter("{\"price\":{\"lt\":20}}")
                .build()));
        check(found.getScore().doubleValue() > 0.99, found);
        check(NAME.equals(found.getName()), found);
        check(Map.of("price", 12.5).equals(found.getMetadata()), found);
        find(search.search(SearchApi.APISearchRequest.newBuilder()
                .wordSearch(new WordSearch().text("green mug").limit(10))
                .build()));

        check(products.getProduct(ProductsApi.APIGetProductRequest.newBuilder().productId(ID).build()).getImages().size() == 1, ID);
        check(products.deleteProduct(ProductsApi.APIDeleteProductRequest.newBuilder().productId(ID).build()).getDeleted() == 1, ID);
        try {
            products.getProduct(ProductsApi.APIGetProductRequest.newBuilder().productId(ID).build());
            throw new AssertionError("A deleted product is still there");
        } catch (ApiException e) {
            check(e.getCode() == 404, e);
        }
        check("redis".equals(new ServiceApi(client).getStats().getQueue().getMode().getValue()), "mode");
        System.out.println("Java: uploaded, polled, searched by picture and by words, deleted");
    }

    private static PicturesApi.APIGetJobRequest job(Receipt receipt) {
        return PicturesApi.APIGetJobRequest.newBuilder()
                .jobId(receipt.getJobId().toString())
                .build();
    }

    private static SearchResult find(SearchResults results) {
        return results.getResults().stream()
                .filter(result -> result.getProductId().equals(ID))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Not found: " + results));
    }

    private static void check(boolean holds, Object seen) {
        if (!holds) {
            throw new AssertionError(seen);
        }
    }
}
