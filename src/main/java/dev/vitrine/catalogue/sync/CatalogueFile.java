package dev.vitrine.catalogue.sync;

import dev.vitrine.catalogue.read.CatalogueException;
import dev.vitrine.http.outbound.FileFetch;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A catalogue on this machine, fetched where it was a URL.
 *
 * @param path the file or folder
 * @param name tells it from other catalogues
 * @param imageBase where its relative pictures are, unless somebody says otherwise
 * @param report where its failures are written, unless somebody says otherwise
 */
public record CatalogueFile(Path path, String name, ImageBase imageBase, Path report) {
    private static final long MOST_BYTES = 16L * 1024 * 1024 * 1024;
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final String REPORT = "-failed.csv";

    /**
     * Finds or fetches a catalogue.
     *
     * @param text a path or a URL
     * @param temporary a folder for what is fetched
     * @throws CatalogueException where it cannot be had
     */
    public static CatalogueFile of(String text, FileFetch fetch, Path temporary)
            throws IOException, InterruptedException {
        if (!ImageBase.isUrl(text)) {
            Path path = Path.of(text).toAbsolutePath().normalize();
            Path folder = path.getParent() == null ? path : path.getParent();
            return new CatalogueFile(
                    path,
                    path.toString(),
                    ImageBase.folder(Files.isDirectory(path) ? path : folder),
                    folder.resolve(path.getFileName() + REPORT));
        }
        Path file = temporary.resolve("catalogue");
        try {
            FileFetch.Fetched fetched = fetch.fetch(text, Map.of("User-Agent", "vitrine"), file, MOST_BYTES, LIMIT);
            if (fetched.answer().status() != 200) {
                throw new CatalogueException("The catalogue cannot be fetched: " + fetched.uri() + " answers "
                        + fetched.answer().status());
            }
        } catch (ForbiddenUrlException e) {
            throw new CatalogueException(e.url().orElse(text) + " " + e.getMessage());
        }
        String name = text.replaceAll("[?#].*", "");
        String last = name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        return new CatalogueFile(
                file, name, ImageBase.url(name), Path.of((last.isEmpty() ? "catalogue" : last) + REPORT));
    }

    /** The folder in which it is remembered what was sent to a service. */
    public static String folderName(String target) {
        return target.replaceAll("[^A-Za-z0-9.-]+", "_").replaceAll("^(.{60}).*", "$1") + "-"
                + Details.hash(target).substring(0, 8);
    }
}
