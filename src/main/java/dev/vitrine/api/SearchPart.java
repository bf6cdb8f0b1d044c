package dev.vitrine.api;

import dev.vitrine.http.HttpPart;
import dev.vitrine.index.IndexPart;
import dev.vitrine.indexing.IndexingPart;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.reindex.ReindexPart;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How clients find products. */
public final class SearchPart implements Part {
    private final HttpPart http;
    private final IndexPart index;
    private final ReindexPart reindex;
    private final IndexingPart indexing;
    private final boolean isAsked;
    private final SearchTimes times;

    /** @param isAsked whether clients ask this process */
    public SearchPart(
            HttpPart http,
            IndexPart index,
            ReindexPart reindex,
            IndexingPart indexing,
            boolean isAsked,
            MeterRegistry meters) {
        this.http = http;
        this.index = index;
        this.reindex = reindex;
        this.indexing = indexing;
        this.isAsked = isAsked;
        this.times = new SearchTimes(meters);
    }

    /** Uploads need no text tower, but loading it would keep the first search by words waiting. */
    @Override
    public void open() {
        if (isAsked) {
            CompletableFuture.runAsync(reindex.generations().serving().model()::texts);
        }
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("searches", Searches.class, () -> new Searches(index.collections(), http.multipart(), times)),
                Offer.of("textEmbedder", TextEmbedder.class, () -> new TextEmbedder(reindex.generations())),
                Offer.of(
                        "exampleEmbedder",
                        ExampleEmbedder.class,
                        () -> new ExampleEmbedder(
                                reindex.generations(), indexing.embedder(), new ProductVectors(index.collections()))),
                Offer.of(
                        "similarProducts",
                        SimilarProducts.class,
                        () -> new SimilarProducts(index.collections(), times)));
    }
}
