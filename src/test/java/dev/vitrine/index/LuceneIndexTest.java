package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexTest {

    @TempDir
    Path folder;

    /** A directory on a disk that fills up and is cleared, and that counts what is forced to disk. */
    private static final class SmallDisk extends FilterDirectory {

        private final AtomicBoolean full;
        private final AtomicInteger commits;

        SmallDisk(Path folder, AtomicBoolean full, AtomicInteger commits) throws IOException {
            super(FSDirectory.open(folder));
            this.full = full;
            this.commits = commits;
        }

        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
            return limited(super.createOutput(name, context));
        }

        @Override
        public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
            return limited(super.createTempOutput(prefix, suffix, context));
        }

        @Override
        public void rename(String source, String target) throws IOException {
            super.rename(source, target);
            if (target.startsWith("segments")) {
                commits.incrementAndGet();
            }
        }

        private IndexOutput limited(IndexOutput output) {
            return new FilterIndexOutput("limited", output.getName(), output) {
                @Override
                public void writeByte(byte b) throws IOException {
                    check();
                    super.writeByte(b);
                }

                @Override
                public void writeBytes(byte[] b, int offset, int length) throws IOException {
                    check();
                    super.writeBytes(b, offset, length);
                }

                private void check() throws IOException {
                    if (full.get()) {
                        throw new IOException("No space left on device");
                    }
                }
            };
        }
    }

    @Test
    void aFullDiskLosesNothingAndTheIndexRecovers() {
        AtomicBoolean full = new AtomicBoolean();
        try (LuceneIndex index =
                new LuceneIndex(folder, SPACE, path -> (Directory) new SmallDisk(path, full, new AtomicInteger()))) {
            index.upsert(product("before", "main", 1), vector(1));
            full.set(true);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> index.upsert(product("during", "main", 1), vector(2)))
                        .isInstanceOf(IndexUnavailableException.class)
                        .hasMessageContainingAll("disk full", folder.toString())
                        .hasRootCauseMessage("No space left on device");
                assertThatThrownBy(index::check).isInstanceOf(IndexUnavailableException.class);
                assertThat(index.search(vector(1), 5, -1)).hasSize(1);
            }
            full.set(false);
            index.check();
            assertThat(index.count()).isOne();
            index.upsert(product("after", "main", 1), vector(3));
            assertThat(index.search(vector(3), 5, -1)).hasSize(2);
        }
        try (LuceneIndex index = new LuceneIndex(folder, SPACE)) {
            assertThat(index.find("before")).hasSize(1);
            assertThat(index.find("after")).hasSize(1);
            assertThat(index.count()).isEqualTo(2);
        }
    }

    @Test
    void concurrentCallersShareACommit() {
        AtomicInteger commits = new AtomicInteger();
        try (LuceneIndex index =
                new LuceneIndex(folder, SPACE, path -> new SmallDisk(path, new AtomicBoolean(), commits))) {
            commits.set(0);
            List<Thread> callers = IntStream.range(0, 64)
                    .mapToObj(i -> new Thread(() -> index.upsert(product("p" + i, "main", 1), vector(i))))
                    .toList();
            callers.forEach(Thread::start);
            callers.forEach(LuceneIndexTest::join);
            assertThat(index.count()).isEqualTo(64);
        }
        assertThat(commits.get()).isLessThan(40);
    }

    @Test
    void oneFolderIsForOneIndexOnly() {
        try (LuceneIndex first = new LuceneIndex(folder, SPACE)) {
            assertThatThrownBy(() -> new LuceneIndex(folder, SPACE))
                    .isInstanceOf(IndexUnavailableException.class)
                    .hasMessageContainingAll("Another vitrine", folder.toString(), "Qdrant");
            first.check();
        }
        new LuceneIndex(folder, SPACE).close();
    }

    @Test
    void aDamagedIndexSaysSo() throws IOException {
        new LuceneIndex(folder, SPACE).close();
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("segments"))
                    .toList()) {
                Files.writeString(file, "not an index");
            }
        }
        assertThatThrownBy(() -> new LuceneIndex(folder, SPACE))
                .isInstanceOf(IndexUnavailableException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void takesVectorsLongerThanLucenesOwnLimit() {
        VectorSpace wide = new VectorSpace("wide", "d".repeat(64), 1_536);
        float[] vector = vector(new Random(1), 1_536);
        try (LuceneIndex index = new LuceneIndex(folder, wide)) {
            index.upsert(product("p", "main", 1), vector);
        }
        try (LuceneIndex index = new LuceneIndex(folder, wide)) {
            assertThat(index.search(vector, 1, 0.99f)).hasSize(1);
        }
        VectorSpace tooWide = new VectorSpace("too-wide", "e".repeat(64), 5_000);
        assertThatThrownBy(() -> new LuceneIndex(folder.resolve("other"), tooWide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("5000", "4096");
    }

    @Test
    void everyAcknowledgedPointSurvivesKill9() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            UpsertUntilKilled.class.getName(),
                            folder.toString(),
                            "round" + round)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
                int wanted = acknowledged.size() + 25;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.endsWith(".")) { // the kill may cut the last line
                        acknowledged.add(line.substring(0, line.length() - 1));
                    }
                    if (acknowledged.size() == wanted) {
                        writer.toHandle().destroyForcibly(); // leaves open what it printed last
                    }
                }
                assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(wanted);
            } finally {
                writer.destroyForcibly().waitFor();
            }
            try (LuceneIndex index = new LuceneIndex(folder, SPACE)) {
                for (String productId : acknowledged) {
                    assertThat(index.find(productId)).as(productId).hasSize(1);
                    assertThat(index.search(vector(productId.hashCode()), 3, 0.9999f))
                            .extracting(hit -> hit.product().productId())
                            .contains(productId);
                }
                assertThat(index.count()).isGreaterThanOrEqualTo(acknowledged.size());
            }
        }
    }

    /** Run in a process of its own: puts points from several threads and prints each once it is acknowledged. */
    static final class UpsertUntilKilled {
        public static void main(String[] arguments) {
            LuceneIndex index = new LuceneIndex(Path.of(arguments[0]), SPACE);
            AtomicInteger next = new AtomicInteger();
            for (int thread = 0; thread < 4; thread++) {
                new Thread(() -> {
                            while (true) {
                                String productId = arguments[1] + "-" + next.getAndIncrement();
                                index.upsert(product(productId, "main", 1), vector(productId.hashCode()));
                                synchronized (System.out) {
                                    System.out.println(productId + ".");
                                    System.out.flush();
                                }
                            }
                        })
                        .start();
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A merge ends after the commit that set it off; the one that shows it must not wait for another change. */
    @Test
    void mergesShowAndFreeTheirDiskThoughNothingIsWrittenAfterThem() throws Exception {
        try (LuceneIndex index = new LuceneIndex(folder, SPACE)) {
            for (int i = 0; i < 25; i++) {
                index.upsert(product("p" + i, "main", 1), vector(i));
                await().until(() -> committedSegments() <= 5);
            }
        }
    }

    private int committedSegments() throws IOException {
        try (Directory directory = FSDirectory.open(folder)) {
            return SegmentInfos.readLatestCommit(directory).size();
        }
    }

    @Test
    void pointsOfAVersionWithoutFiltersAreFoundByFiltersOnceTheIndexIsOpened() throws IOException {
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (int i = 0; i < 30; i++) {
                Product product = product("p" + i, "main", 5, Map.of("even", i % 2 == 0));
                String id = PointIds.of("p" + i, "main").toString();
                Document old = LuceneDocument.of(id, product, vector(i));
                List.of(LuceneMetadata.VALUES, LuceneMetadata.PATHS, LuceneMetadata.NUMBERS)
                        .forEach(old::removeFields);
                writer.addDocument(old);
            }
            writer.deleteDocuments(new Term(LuceneDocument.PRODUCT_ID, "p0"));
            writer.setLiveCommitData(SpaceMemory.write(SPACE).entrySet());
            writer.commit();
        }
        Filter even = new Filter.AnyOf(FieldPath.of("even"), List.of(true));
        for (int opening = 0; opening < 2; opening++) {
            try (LuceneIndex index = new LuceneIndex(folder, SPACE)) {
                assertThat(index.count()).isEqualTo(29);
                assertThat(index.count(even)).isEqualTo(14);
                assertThat(index.search(vector(2), 1, 0.999f, even))
                        .extracting(SearchHit::product)
                        .containsExactly(product("p2", "main", 5, Map.of("even", true)));
            }
        }
    }
}
