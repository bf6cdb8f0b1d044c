package dev.vitrine.index;

import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.DeleteCollection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;

/** Takes all vectors out of an index, with the memory of the model that made them, so that another model can fill it. */
public final class IndexClearing {
    private final IndexSettings settings;
    private final int generations;

    /** @param settings where the main collection is; the others are beside it */
    public IndexClearing(IndexSettings settings) {
        this(settings, 1);
    }

    /** @param generations how many generations of collections there have been */
    public IndexClearing(IndexSettings settings, int generations) {
        this.settings = settings;
        this.generations = generations;
    }

    /** The folders or Qdrant collections that would be cleared. */
    public List<String> places() {
        return isEmbedded()
                ? allGenerations()
                        .map(IndexSettings::folder)
                        .filter(Files::isDirectory)
                        .map(Path::toString)
                        .toList()
                : allGenerations()
                        .map(collection -> "collection " + collection.collection() + " at " + settings.url())
                        .toList();
    }

    /**
     * Clears the main collection and the others, and removes those of later generations.
     *
     * @throws IndexUnavailableException when a service has an embedded index open, or Qdrant does not answer
     */
    public void run() {
        if (isEmbedded()) {
            allGenerations()
                    .map(IndexSettings::folder)
                    .filter(Files::isDirectory)
                    .forEach(IndexClearing::clear);
            IntStream.rangeClosed(2, generations).forEach(this::remove);
        } else {
            try (QdrantConnection connection =
                    new QdrantConnection(settings.url(), settings.apiKey(), settings.deadline())) {
                allGenerations().forEach(collection -> delete(connection, collection.collection()));
            }
        }
    }

    /**
     * Removes all collections of a generation, with their folders; what is not there is removed.
     *
     * @param generation no process uses it any more
     * @throws UncheckedIOException when a folder cannot be removed
     */
    public void remove(int generation) {
        List<IndexSettings> all =
                collections().map(each -> each.generation(generation)).toList();
        if (isEmbedded()) {
            all.forEach(each -> removeFolder(each.folder()));
        } else {
            try (QdrantConnection connection =
                    new QdrantConnection(settings.url(), settings.apiKey(), settings.deadline())) {
                all.forEach(each -> delete(connection, each.collection()));
            }
        }
    }

    /** A folder of Lucene has no folders in it. */
    private static void removeFolder(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException e) {
            // it is gone
        } catch (IOException e) {
            throw new UncheckedIOException("The index in " + folder + " cannot be removed: " + e.getMessage(), e);
        }
    }

    private boolean isEmbedded() {
        return settings.url().equals(IndexSettings.EMBEDDED);
    }

    private Stream<IndexSettings> collections() {
        return Stream.concat(Stream.of(settings), settings.others().stream().map(settings::of));
    }

    private Stream<IndexSettings> allGenerations() {
        return IntStream.rangeClosed(1, generations).boxed().flatMap(generation -> collections()
                .map(each -> each.generation(generation)));
    }

    private static void clear(Path folder) {
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
            writer.setLiveCommitData(Map.<String, String>of().entrySet());
            writer.commit();
        } catch (LockObtainFailedException e) {
            throw new IndexUnavailableException(
                    "A vitrine that runs has the index in " + folder + " open; stop it first", e);
        } catch (IOException e) {
            throw new UncheckedIOException("The index in " + folder + " cannot be cleared: " + e.getMessage(), e);
        }
    }

    /** One that is not there is clear. */
    private static void delete(QdrantConnection connection, String collection) {
        Deadline deadline = connection.deadline();
        try {
            connection
                    .collections(deadline)
                    .delete(DeleteCollection.newBuilder()
                            .setCollectionName(collection)
                            .build());
        } catch (StatusRuntimeException e) {
            throw connection.failure(e);
        }
    }
}
