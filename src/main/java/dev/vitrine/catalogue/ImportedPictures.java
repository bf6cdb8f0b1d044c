package dev.vitrine.catalogue;

import dev.vitrine.catalogue.sync.PictureSource;
import dev.vitrine.catalogue.sync.SentPictures;
import dev.vitrine.index.Product;
import dev.vitrine.reindex.MissingPictureException;
import dev.vitrine.reindex.Originals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Pictures that imports brought, had once more from where they came. */
final class ImportedPictures implements Originals {
    private static final String FETCHED = "fetched";

    private final Path remembered;
    private final Supplier<Optional<Function<Path, PictureSource>>> source;

    /**
     * @param remembered where it is remembered what was imported
     * @param source by the folder for what is fetched; empty until the service has started
     */
    ImportedPictures(Path remembered, Supplier<Optional<Function<Path, PictureSource>>> source) {
        this.remembered = remembered;
        this.source = source;
    }

    @Override
    public boolean isReady() {
        return source.get().isPresent();
    }

    @Override
    public void note(Path folder) throws IOException {
        SentPictures.copy(remembered, folder);
    }

    @Override
    public Noted read(Path folder) throws IOException {
        Path fetched = Files.createDirectories(folder.resolveSibling(FETCHED));
        return new Sent(new SentPictures(folder, source.get().orElseThrow().apply(fetched)));
    }

    private record Sent(SentPictures pictures) implements Noted {
        @Override
        public Original get(Product product) throws MissingPictureException, IOException, InterruptedException {
            try {
                SentPictures.Sent sent = pictures.get(product.productId(), product.imageId(), product.version());
                return new File(sent);
            } catch (SentPictures.UnusablePlaceException e) {
                throw new MissingPictureException(e.getMessage());
            }
        }

        @Override
        public void close() {
            pictures.close();
        }
    }

    private record File(SentPictures.Sent sent) implements Originals.Original {
        @Override
        public Path file() {
            return sent.file();
        }

        @Override
        public void close() throws IOException {
            sent.close();
        }
    }
}
