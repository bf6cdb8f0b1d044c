package dev.vitrine.reindex;

import dev.vitrine.archive.Archive;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.StoredPoint;
import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Goes once through two generations in the order of point ids and gives the second what it lacks, or has older. What is
 * there already costs a look, so it can be ended and begun again at any time.
 */
final class Comparison {
    private final Generation source;
    private final Generation target;
    private final Optional<Archive> archive;
    private final Throttle throttle;
    private final Progress progress;
    private final BooleanSupplier goesOn;

    /**
     * @param archive has the pictures
     * @param goesOn asked before each picture
     */
    Comparison(
            Generation source,
            Generation target,
            Optional<Archive> archive,
            Throttle throttle,
            Progress progress,
            BooleanSupplier goesOn) {
        this.source = source;
        this.target = target;
        this.archive = archive;
        this.throttle = throttle;
        this.progress = progress;
        this.goesOn = goesOn;
    }

    /**
     * Compares all collections.
     *
     * @param removes whether the second loses what the first does not have
     * @return false where it was ended before
     */
    boolean run(boolean removes) throws InterruptedException {
        long points = 0;
        for (String collection : source.indexes().names()) {
            points += source.indexes().of(collection).count();
        }
        progress.begin(points);
        for (String collection : source.indexes().names()) {
            if (!run(collection, removes)) {
                return false;
            }
        }
        progress.compared();
        return true;
    }

    private boolean run(String collection, boolean removes) throws InterruptedException {
        ProductIndex from = source.indexes().of(collection);
        ProductIndex to = target.indexes().of(collection);
        PointCursor there = new PointCursor(from);
        PointCursor here = new PointCursor(to);
        while (there.point() != null || here.point() != null) {
            if (!goesOn.getAsBoolean() || Thread.interrupted()) {
                return false;
            }
            StoredPoint wanted = there.point();
            StoredPoint found = here.point();
            int order = wanted == null ? 1 : found == null ? -1 : wanted.id().compareTo(found.id());
            if (order <= 0) {
                if (order < 0 || found.product().version() < wanted.product().version()) {
                    embed(collection, wanted.product(), from, to);
                } else if (differs(wanted.product(), found.product())) {
                    rewrite(wanted.product(), to);
                }
                progress.step();
                there.advance();
            } else if (removes) {
                remove(found.product(), from, to);
            }
            if (order >= 0) {
                here.advance();
            }
        }
        return true;
    }

    /** What a client may change of a picture that stays. */
    private static boolean differs(Product wanted, Product found) {
        return found.version() == wanted.version()
                && !(found.name().equals(wanted.name()) && found.metadata().equals(wanted.metadata()));
    }

    private void embed(String collection, Product product, ProductIndex from, ProductIndex to)
            throws InterruptedException {
        long start = System.nanoTime();
        Optional<Path> picture = archive.flatMap(
                kept -> kept.find(Job.pictureKey(Job.productKey(collection, product.productId()), product.imageId())));
        if (picture.isEmpty()) {
            progress.missing(collection, product, "is not in the archive");
            return;
        }
        try {
            to.upsert(named(product), target.embed(picture.get()));
        } catch (UnusablePictureException e) {
            progress.missing(collection, product, e.getMessage());
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("A picture of the archive cannot be read: " + picture.get(), e);
        }
        remove(product, from, to); // where it was deleted meanwhile
        progress.embedded();
        throttle.pause(System.nanoTime() - start);
    }

    private void rewrite(Product product, ProductIndex to) {
        Map<String, float[]> vectors = to.vectors(product.productId());
        if (vectors.containsKey(product.imageId())) {
            to.upsert(named(product), vectors.get(product.imageId()));
        }
    }

    /** Takes a picture out of the second that the first does not have. */
    private static void remove(Product product, ProductIndex from, ProductIndex to) {
        boolean isThere = from.find(product.productId()).stream()
                .anyMatch(other -> other.imageId().equals(product.imageId()));
        if (!isThere) {
            to.delete(product.productId(), product.imageId(), product.version());
        }
    }

    private Product named(Product product) {
        return new Product(
                product.productId(),
                product.imageId(),
                product.name(),
                product.indexedAt(),
                product.version(),
                target.indexes().space().model(),
                product.metadata());
    }
}
