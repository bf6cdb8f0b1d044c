package dev.vitrine.index;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the index is.
 *
 * @param url {@code embedded} for Lucene in the folder, or {@code http(s)://host[:6334]}, Qdrant's gRPC port
 * @param apiKey Qdrant's API key; null or blank for none
 * @param collection Qdrant's collection, made where it is missing
 * @param folder Lucene's folder, made where it is missing
 * @param deadline how long a call to Qdrant may take at most
 */
public record IndexSettings(String url, String apiKey, String collection, Path folder, Duration deadline) {

    /** Long enough for a busy server, short enough for a waiting client. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    public static final String EMBEDDED = "embedded";
}
