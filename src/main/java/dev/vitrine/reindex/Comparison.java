package dev.vitrine.reindex;

import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.StoredPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Goes once through two generations in the order of point ids and gives the second what it lacks, or has older. What is
 * there already costs a look, so it can be ended and begun again at any time.
 */
final class Comparison {
    private final Generation source;
    private final Generation target;
    private final PictureSupply pictures;
    private final Throttle throttle;
    private final Progress progress;
    private final BooleanSupplier goesOn;

    /**
     * @param pictures has those that the second lacks
     * @param goesOn asked before each picture
     */
    Comparison(
            Generation source,
            Generation target,
            PictureSupply pictures,
            Throttle throttle,
            Progress progress,
            BooleanSupplier goesOn) {
        this.source = source;
        this.target = target;
        this.pictures = pictures;
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
                    settle(found.product(), from, to);
                }
                progress.step();
                there.advance();
            } else if (removes) {
                settle(found.product(), from, to);
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
        try (Originals.Original picture = pictures.get(collection, product)) {
            to.upsert(named(product), target.embed(picture.file()));
        } catch (MissingPictureException | UnusablePictureException e) {
            progress.missing(collection, product, e.getMessage());
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "A picture of product " + product.productId() + " cannot be read: " + e.getMessage(), e);
        }
        settle(product, from, to);
        progress.embedded();
        throttle.pause(System.nanoTime() - start);
    }

    /** Writes what is said of a picture anew, with the vector that is there. */
    private void rewrite(Product product, ProductIndex to) {
        float[] vector = to.vectors(product.productId()).get(product.imageId());
        if (vector != null) {
            to.upsert(named(product), vector);
        }
    }

    /**
     * What was written may have been read before it was changed or deleted. Clients do both first where it is copied from,
     * and so are either seen here, or come to the copy after this.
     */
    private void settle(Product written, ProductIndex from, ProductIndex to) {
        Optional<Product> now = find(written, from);
        Product last = written;
        while (now.isPresent() && differs(now.get(), last)) {
            last = now.get();
            rewrite(last, to);
            now = find(written, from);
        }
        if (now.isEmpty()) {
            to.delete(written.productId(), written.imageId(), written.version());
        }
    }

    private static Optional<Product> find(Product wanted, ProductIndex index) {
        return index.find(wanted.productId()).stream()
                .filter(one -> one.imageId().equals(wanted.imageId()))
                .findFirst();
    }

    private Product named(Product product) {
        return product.by(target.indexes().space().model());
    }
}
