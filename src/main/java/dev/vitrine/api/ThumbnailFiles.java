package dev.vitrine.api;

import dev.vitrine.http.ProblemException;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ShopId;
import dev.vitrine.index.thumbnail.Owner;
import dev.vitrine.index.thumbnail.Thumbnails;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Variable;

/** Answers with small pictures. */
public final class ThumbnailFiles {
    /** An hour without asking, then for a month shown while it is asked for. */
    private static final String CACHING = "private, max-age=3600, stale-while-revalidate=2592000";

    private final ProductCollections indexes;
    private final Optional<Thumbnails> thumbnails;

    /** @param thumbnails empty where none are wanted */
    public ThumbnailFiles(ProductCollections indexes, Optional<Thumbnails> thumbnails) {
        this.indexes = indexes;
        this.thumbnails = thumbnails;
    }

    /**
     * Answers with the small picture of what the index holds now, or that the client has it already.
     *
     * @param known the client's {@code If-None-Match}; null for none
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has no such picture, or no small one of it is kept
     */
    public void serve(
            @Header("product_id") String productId,
            @Header("image_id") String imageId,
            @Header("If-None-Match") String known,
            @Variable("collection") String collection,
            Exchange exchange) {
        String product = ShopId.normal(productId);
        String image = ShopId.normal(imageId);
        long version = version(product, image, collection);
        String etag = "\"" + version + "\"";
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader("ETag", etag);
        answer.setHeader("Cache-Control", CACHING);
        answer.setHeader("Vary", "Authorization, X-API-Key");
        byte[] jpeg = jpeg(new Owner(indexes.known(collection), product, image), version);
        if (isKnown(known, etag)) {
            answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            answer.setBody(null);
            return;
        }
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        answer.setHeader(Exchange.CONTENT_TYPE, "image/jpeg");
        answer.setBody(jpeg);
    }

    private long version(String productId, String imageId, String collection) {
        if (!ShopId.isOne(productId) || !ShopId.isOne(imageId)) {
            throw unknown(productId, imageId);
        }
        return indexes.of(collection).find(productId).stream()
                .filter(product -> product.imageId().equals(imageId))
                .findFirst()
                .orElseThrow(() -> unknown(productId, imageId))
                .version();
    }

    private byte[] jpeg(Owner owner, long version) {
        return thumbnails
                .flatMap(kept -> kept.find(owner, version))
                .orElseThrow(() -> ProblemException.notFound("No small picture is kept of picture " + owner.imageId()
                        + " of product " + owner.productId()
                        + "; one is made when it is indexed where VITRINE_THUMBNAILS is on."));
    }

    private static boolean isKnown(String known, String etag) {
        return known != null && (known.strip().equals("*") || known.contains(etag));
    }

    private static ProblemException unknown(String productId, String imageId) {
        return ProblemException.notFound("The index holds no picture " + imageId + " of a product " + productId + ".");
    }
}
