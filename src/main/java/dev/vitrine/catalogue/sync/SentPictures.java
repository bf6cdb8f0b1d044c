package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Pictures that imports have sent, to be had once more from where they came. Thread-safe. */
public final class SentPictures implements AutoCloseable {
    private static final String STORE = "sent.db";

    /** Between the making of a job's id and the acceptance of its upload. */
    private static final long MOST_MILLIS_TO_ACCEPT = 5_000;

    /** Version 7 of RFC 9562: the first 48 bits are the milliseconds. */
    private static final int TIME_ORDERED = 7;

    private static final int TIME_SHIFT = 16;

    private final List<KnownPictures> stores = new ArrayList<>();
    private final PictureSource source;

    /**
     * @param copies a folder that {@link #copy} has filled
     * @param source reaches the places of pictures
     */
    public SentPictures(Path copies, PictureSource source) throws IOException {
        this.source = source;
        try (Stream<Path> files = Files.list(copies)) {
            for (Path file : files.sorted().toList()) {
                stores.add(KnownPictures.read(file));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Copies what was remembered of imports, so that others can go on meanwhile.
     *
     * @param imports a folder with a folder for each target
     * @param into gets a file for each of them
     * @throws BusyException while an import runs
     */
    public static void copy(Path imports, Path into) throws IOException {
        Files.createDirectories(into);
        if (!Files.isDirectory(imports)) {
            return;
        }
        try (Stream<Path> folders = Files.list(imports)) {
            for (Path folder : folders.toList()) {
                Path store = folder.resolve(STORE);
                if (Files.exists(store)) {
                    copyOne(store, into.resolve(folder.getFileName() + ".db"));
                }
            }
        }
    }

    private static void copyOne(Path store, Path copy) throws IOException {
        try (KnownPictures held = KnownPictures.read(store)) { // so that nobody writes to it now
            Files.copy(store, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * The picture that a point was made of.
     *
     * @param version of the upload
     * @return its file; whether that is to be removed afterwards
     * @throws UnusablePlaceException saying why it cannot be had
     */
    public Sent get(String productId, String imageId, long version)
            throws IOException, InterruptedException, UnusablePlaceException {
        String key = productId + '\n' + imageId;
        Known known = null;
        for (KnownPictures store : stores) {
            Optional<Known> found = store.find(key);
            if (found.isPresent() && isOf(found.get(), version)) {
                known = found.get();
            }
        }
        if (known == null) {
            throw new UnusablePlaceException("was not brought by an import, or by one that is not remembered here");
        }
        String place = known.place();
        if (place == null) {
            throw new UnusablePlaceException("was imported by an earlier version, which did not remember from where;"
                    + " import the catalogue again");
        }
        try {
            return sent(source.getFrom(place), known, place);
        } catch (UnusableSourceException e) {
            throw new UnusablePlaceException(e.getMessage());
        }
    }

    private static Sent sent(Picture picture, Known known, String place) throws IOException, UnusablePlaceException {
        if (!picture.hash().equals(known.hash())) {
            picture.close();
            throw new UnusablePlaceException(
                    place + " has another picture than when it was imported; import the catalogue again");
        }
        return new Sent(picture);
    }

    /**
     * Whether an upload is the one that was remembered. Where the import did not see the end of its job, the job's id has the
     * time.
     */
    private static boolean isOf(Known known, long version) {
        if (known.jobId() == null || known.hash().isEmpty()) {
            return false;
        }
        if (known.version() != 0) {
            return known.version() == version;
        }
        try {
            UUID id = UUID.fromString(known.jobId());
            long made = id.getMostSignificantBits() >>> TIME_SHIFT;
            return id.version() == TIME_ORDERED && made <= version && version - made <= MOST_MILLIS_TO_ACCEPT;
        } catch (IllegalArgumentException e) {
            return false; // an id of another kind
        }
    }

    @Override
    public void close() {
        stores.forEach(KnownPictures::close);
    }

    /** A picture's file, for as long as it is not closed. */
    public static final class Sent implements AutoCloseable {
        private final Picture picture;

        private Sent(Picture picture) {
            this.picture = picture;
        }

        public Path file() {
            return picture.file();
        }

        @Override
        public void close() throws IOException {
            picture.close();
        }
    }

    /** A picture cannot be had; the message says why, to be read after its name. */
    public static final class UnusablePlaceException extends Exception {
        private static final long serialVersionUID = 1;

        private UnusablePlaceException(String reason) {
            super(reason);
        }
    }
}
