package dev.vitrine.reindex;

import dev.vitrine.archive.ArchivedFile;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Sees to it that vectors which came without their pictures do not go missing where another model is about to serve. */
public final class OwedVectors {
    private final Generations generations;
    private final KeptPictures kept;

    OwedVectors(Generations generations, KeptPictures kept) {
        this.generations = generations;
        this.kept = kept;
    }

    /**
     * To be called after a vector was put into one generation: where another must have the picture too, it is embedded by
     * that one's model.
     *
     * @param written where the vector is
     * @param collection null for the main one
     * @throws MissingPictureException where it must be embedded and no picture is kept
     */
    public void follow(IndexSet written, String collection, Product product)
            throws MissingPictureException, InterruptedException {
        for (Generation owed : generations.alsoOwed(written)) {
            Optional<ArchivedFile> picture =
                    kept.find(collection, product.productId(), product.imageId(), product.version());
            if (picture.isEmpty()) {
                throw new MissingPictureException("is not kept, and "
                        + owed.indexes().space().model() + ", which is about to serve, has to embed it");
            }
            try (ArchivedFile file = picture.get()) {
                owed.indexes()
                        .of(collection)
                        .upsert(product.by(owed.indexes().space().model()), owed.embed(file.path()));
            } catch (UnusablePictureException e) {
                throw new MissingPictureException(e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException("The picture " + picture.get().path() + " cannot be read", e);
            }
        }
    }
}
