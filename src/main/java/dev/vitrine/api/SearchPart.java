package dev.vitrine.api;

import dev.vitrine.clip.EncoderPart;
import dev.vitrine.decoder.PicturesPart;
import dev.vitrine.http.HttpPart;
import dev.vitrine.index.IndexPart;
import dev.vitrine.indexing.IndexingPart;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How clients find products. */
public final class SearchPart implements Part {
    private final HttpPart http;
    private final EncoderPart encoder;
    private final IndexPart index;
    private final PicturesPart pictures;
    private final IndexingPart indexing;
    private final boolean isAsked;
    private final SearchTimes times;

    /** @param isAsked whether clients ask this process */
    public SearchPart(
            HttpPart http,
            EncoderPart encoder,
            IndexPart index,
            PicturesPart pictures,
            IndexingPart indexing,
            boolean isAsked,
            MeterRegistry meters) {
        this.http = http;
        this.encoder = encoder;
        this.index = index;
        this.pictures = pictures;
        this.indexing = indexing;
        this.isAsked = isAsked;
        this.times = new SearchTimes(meters);
    }

    /** Uploads need no text tower, but loading it would keep the first search by words waiting. */
    @Override
    public void open() {
        if (isAsked) {
            CompletableFuture.runAsync(encoder.model()::texts);
        }
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of(
                        "searches",
                        Searches.class,
                        () -> new Searches(index.collections(), encoder.model().name(), http.multipart(), times)),
                Offer.of("textEmbedder", TextEmbedder.class, () -> new TextEmbedder(encoder.model())),
                Offer.of(
                        "exampleEmbedder",
                        ExampleEmbedder.class,
                        () -> new ExampleEmbedder(
                                new TextEmbedder(encoder.model()),
                                pictures.preparer(),
                                indexing.embedder(),
                                new ProductVectors(index.collections()))),
                Offer.of(
                        "similarProducts",
                        SimilarProducts.class,
                        () -> new SimilarProducts(
                                index.collections(), encoder.model().name(), times)));
    }
}
