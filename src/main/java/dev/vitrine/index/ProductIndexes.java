package dev.vitrine.index;

/** Makes the index that the settings name. */
public final class ProductIndexes {

    private ProductIndexes() {}

    /**
     * Opens the index. With Qdrant this never waits for the server: call {@link ProductIndex#check()} to learn whether it
     * is there and holds vectors of this space.
     *
     * @throws IllegalArgumentException when the settings name no index
     * @throws VectorSpaceMismatchException when another space filled the embedded index
     * @throws IndexUnavailableException when the embedded index cannot be opened
     */
    public static ProductIndex open(IndexSettings settings, VectorSpace space) {
        return IndexSettings.EMBEDDED.equals(settings.url())
                ? new LuceneIndex(settings.folder(), space)
                : new QdrantIndex(settings.url(), settings.apiKey(), settings.collection(), settings.deadline(), space);
    }
}
