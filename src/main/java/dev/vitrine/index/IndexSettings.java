package dev.vitrine.index;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the index is.
 *
 * @param url {@code embedded} for Lucene in the folder, or {@code http(s)://host[:6334]}, Qdrant's gRPC port; of several
 *     nodes with commas between
 * @param apiKey Qdrant's API key; null or blank for none
 * @param collection Qdrant's collection, made where it is missing
 * @param folder Lucene's folder, made where it is missing
 * @param deadline how long a call to Qdrant may take at most
 * @param others names of the other collections, beside the main one
 * @param filterFields metadata that Qdrant indexes for filters, in each collection
 * @param layout how Qdrant lays a collection that is made on its nodes
 */
public record IndexSettings(
        String url,
        String apiKey,
        String collection,
        Path folder,
        Duration deadline,
        List<String> others,
        List<FilterField> filterFields,
        QdrantLayout layout) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final Setting<String> URL = Setting.url(
            "VITRINE_QDRANT_URL",
            List.of("embedded"),
            List.of("http://", "https://"),
            "`embedded`: a Lucene index in the data folder, for one process; `http(s)://host:6334`: Qdrant over gRPC; of a"
                    + " cluster several, between commas");
    private static final Setting<String> API_KEY =
            Setting.text("VITRINE_QDRANT_API_KEY", null, "Qdrant's key").secret();
    private static final Setting<String> COLLECTION =
            Setting.text("VITRINE_COLLECTION", "products", "Qdrant's collection");
    private static final Setting<List<String>> COLLECTIONS = Setting.list(
            "VITRINE_COLLECTIONS",
            NAME,
            "a collection's name has 1 to 64 letters, digits, '-' or '_'",
            "other collections that routes may use, between commas");
    private static final Setting<List<String>> FILTER_FIELDS = Setting.list(
            "VITRINE_FILTER_FIELDS",
            "metadata that Qdrant indexes for filters, between commas: `brand:keyword,price:number,sold_out:bool`; without"
                    + " a type, the points tell");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = Stream.<Setting<?>>concat(
                    Stream.of(URL, API_KEY, COLLECTION, COLLECTIONS, FILTER_FIELDS), QdrantLayout.ALL.stream())
            .toList();

    /** Long enough for a busy server, short enough for a waiting client. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    public static final String EMBEDDED = "embedded";

    /** Of a collection that has no others beside it. */
    public IndexSettings(String url, String apiKey, String collection, Path folder, Duration deadline) {
        this(url, apiKey, collection, folder, deadline, List.of());
    }

    /** With no metadata that Qdrant indexes. */
    public IndexSettings(
            String url, String apiKey, String collection, Path folder, Duration deadline, List<String> others) {
        this(url, apiKey, collection, folder, deadline, others, List.of(), QdrantLayout.NONE);
    }

    /**
     * Reads an installation's settings.
     *
     * @param dataDir the data folder
     */
    public static IndexSettings read(SettingSource source, Path dataDir) {
        String url = URL.read(source);
        return new IndexSettings(
                url,
                API_KEY.read(source),
                COLLECTION.read(source),
                dataDir.resolve("index"),
                DEFAULT_DEADLINE,
                COLLECTIONS.read(source),
                filterFields(source),
                QdrantLayout.read(source, QdrantConnection.split(url).size()));
    }

    private static List<FilterField> filterFields(SettingSource source) {
        try {
            return FilterField.all(FILTER_FIELDS.read(source));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(FILTER_FIELDS.name() + " " + e.getMessage());
        }
    }

    /** The same place with metadata that Qdrant indexes for filters. */
    public IndexSettings withFilterFields(List<FilterField> fields) {
        return new IndexSettings(url, apiKey, collection, folder, deadline, others, fields, layout);
    }

    /** The same place, laid otherwise on Qdrant's nodes. */
    IndexSettings withLayout(QdrantLayout other) {
        return new IndexSettings(url, apiKey, collection, folder, deadline, others, filterFields, other);
    }

    /** The same place for another collection. */
    IndexSettings of(String name) {
        Path itsFolder = folder.resolveSibling("collections").resolve(name);
        return new IndexSettings(url, apiKey, name, itsFolder, deadline, List.of(), filterFields, layout);
    }

    /** The same place for another generation of collections; the first has the names as they are. */
    IndexSettings generation(int number) {
        return number == 1
                ? this
                : new IndexSettings(
                        url,
                        apiKey,
                        collection + "--" + number,
                        folder == null ? null : folder.resolveSibling(folder.getFileName() + "--" + number),
                        deadline,
                        others,
                        filterFields,
                        layout);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "IndexSettings[url=" + url + ", collection=" + collection + ", others=" + others + "]";
    }
}
