package dev.vitrine.reindex;

import dev.vitrine.archive.ArchivedFile;
import dev.vitrine.index.Product;
import dev.vitrine.reindex.ModelState.From;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Has the pictures that a build embeds. For one thread. */
final class PictureSupply implements AutoCloseable {
    /** A host that had no picture is not asked for it again in the next comparison. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final int MOST_REMEMBERED = 100_000;

    private record Failure(String reason, long nanos) {}

    private final KeptPictures kept;
    private final Originals originals;
    private final Map<String, Failure> failures = new HashMap<>();
    private Path read;
    private Originals.Noted noted;

    /** @param originals pictures that imports had from somewhere */
    PictureSupply(KeptPictures kept, Originals originals) {
        this.kept = kept;
        this.originals = originals;
    }

    /**
     * Must be called before pictures of a build are asked for.
     *
     * @return false where the service has not started yet
     * @throws IOException where it cannot be known now where pictures come from; the message says why
     */
    boolean prepare(ModelState state) throws IOException {
        if (state.from() != From.MANIFEST) {
            close();
            return true;
        }
        if (!originals.isReady()) {
            return false;
        }
        Path notes = kept.notes(state);
        if (notes.equals(read)) {
            return true;
        }
        close();
        if (!Files.isDirectory(notes)) {
            Path part = notes.resolveSibling(notes.getFileName() + ".part");
            empty(Files.createDirectories(part));
            originals.note(part);
            Files.move(part, notes, StandardCopyOption.ATOMIC_MOVE);
        }
        noted = originals.read(notes);
        read = notes;
        failures.clear();
        return true;
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder())
                    .filter(one -> !one.equals(folder))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * The picture that a point was made of, or a later one that is not indexed yet.
     *
     * @param collection null for the main one
     * @throws MissingPictureException saying why it cannot be had
     */
    Originals.Original get(String collection, Product product)
            throws MissingPictureException, IOException, InterruptedException {
        Optional<ArchivedFile> picture =
                kept.find(collection, product.productId(), product.imageId(), product.version());
        if (picture.isPresent()) {
            return new Kept(picture.get());
        }
        if (noted == null) {
            throw new MissingPictureException("is not in the archive");
        }
        String key = collection + "\n" + product.productId() + "\n" + product.imageId() + "\n" + product.version();
        Failure before = failures.get(key);
        if (before != null && System.nanoTime() - before.nanos() < REMEMBERED.toNanos()) {
            throw new MissingPictureException(before.reason());
        }
        try {
            return noted.get(product);
        } catch (MissingPictureException e) {
            if (failures.size() == MOST_REMEMBERED) {
                failures.clear();
            }
            failures.put(key, new Failure(e.getMessage(), System.nanoTime()));
            throw e;
        }
    }

    @Override
    public void close() {
        if (noted != null) {
            noted.close();
            noted = null;
            read = null;
        }
    }

    private record Kept(ArchivedFile picture) implements Originals.Original {
        @Override
        public Path file() {
            return picture.path();
        }

        @Override
        public void close() throws IOException {
            picture.close();
        }
    }
}
