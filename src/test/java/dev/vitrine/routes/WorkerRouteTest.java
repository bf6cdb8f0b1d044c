package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.indexing.LostPictureException;
import dev.vitrine.indexing.RefusedByIndexException;
import dev.vitrine.job.Job;
import dev.vitrine.spool.FolderSpool;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker's routes and the retry policy, with the queue mocked and the steps failing on demand. */
class WorkerRouteTest extends CamelTestSupport {
    private static final String ID = "01890000-0000-7000-8000-000000000001";

    @TempDir
    private Path folder;

    private FolderSpool spool;
    private final List<String> indexed = new ArrayList<>();
    private Supplier<float[]> embed = () -> new float[] {1};
    private Supplier<RuntimeException> indexFailure = () -> null;
    private Supplier<Job> withoutSpool = () -> null;

    /** Stands for the decoder. */
    public final class Pictures {
        public Prepared prepare(Path picture) {
            return new Prepared(picture, new byte[] {1});
        }
    }

    /** Stands for a prepared picture. */
    public record Prepared(Path file, byte[] thumbnail) {}

    /** Stands for the encoder. */
    public final class Images {
        public float[] embed(Prepared picture) {
            return embed.get();
        }

        public String model() {
            return "tiny";
        }
    }

    /** Stands for the index. */
    public final class Indexer {
        public void upsert(Job job, float[] vector) {
            RuntimeException failure = indexFailure.get();
            if (failure != null) {
                throw failure;
            }
            indexed.add(job.productId());
        }
    }

    /** No archive is wanted. */
    public final class ArchiveKeeper {
        public void keep(Job job) {}
    }

    /** Notes that it was asked after the upsert, with the small picture. */
    public final class ThumbnailKeeper {
        public void keep(Job job, @Variable("thumbnail") byte[] thumbnail) {
            assertThat(indexed).contains(job.productId());
            assertThat(thumbnail).containsExactly(1);
        }
    }

    /** Notes that it was asked after the upsert. */
    public final class Deletions {
        public void enforce(Job job) {
            assertThat(indexed).contains(job.productId());
        }
    }

    /** Looks into the spool alone. */
    public final class Worklist {
        public Job load(@Variable("jobId") String jobId) {
            return spool.find(jobId).orElseGet(withoutSpool);
        }

        public Path picture(@Variable("jobId") String jobId) {
            return spool.picture(jobId);
        }

        public void done(@Variable("jobId") String jobId) {
            spool.remove(jobId);
        }

        public void discard(String jobId, String outcome) {
            throw new AssertionError("the worker discards nothing");
        }
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Properties properties = new Properties();
        properties.put("vitrine.role.worker", "true");
        properties.put("vitrine.queue.name", "vitrine");
        properties.put("vitrine.queue.consumers", "1");
        return properties;
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        spool = new FolderSpool(folder).open();
        registry.bind("spool", spool);
        registry.bind("preparer", new Pictures());
        registry.bind("embedder", new Images());
        registry.bind("archiveKeeper", new ArchiveKeeper());
        registry.bind("indexer", new Indexer());
        registry.bind("deletions", new Deletions());
        registry.bind("thumbnailKeeper", new ThumbnailKeeper());
        registry.bind("worklist", new Worklist());
        registry.bind("problems", new Object());
        registry.bind("inbox", new Object());
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
        kamelets.setLocation("file:kamelets");
        kamelets.setNoErrorHandler(true);
        for (String file : List.of("errors", "index")) {
            String yaml = Files.readString(Path.of("routes", file + ".camel.yaml"))
                    .replace("maximumRedeliveries: 21600", "maximumRedeliveries: 3");
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", yaml));
        }
        AdviceWith.adviceWith(context, "worker", route -> {
            route.replaceFromWith("direct:taken");
            route.weaveById("worker-complete").replace().to("mock:complete");
            route.weaveById("job-errors-give-up").replace().to("mock:fail");
        });
        AdviceWith.adviceWith(context, "put-off", route -> route.weaveById("put-off-job")
                .replace()
                .to("mock:retry"));
        return context;
    }

    private void spoolJob() throws Exception {
        Job job = new Job(ID, "mug-1", "main", "Mug", Map.of(), 1, "image/jpeg");
        Files.createDirectories(spool.picture(ID).getParent());
        Files.write(spool.picture(ID), new byte[] {1});
        Files.write(folder.resolve(ID + ".json"), new ObjectMapper().writeValueAsBytes(job));
    }

    /** Runs the job and tells which operations the queue was sent. */
    private List<String> operationsFor(String jobId) {
        template.sendBody("direct:taken", jobId);
        return context.getEndpoints().stream()
                .filter(endpoint -> endpoint instanceof MockEndpoint mock && mock.getReceivedCounter() > 0)
                .map(endpoint -> endpoint.getEndpointUri().replace("mock://", ""))
                .toList();
    }

    @Test
    void completesAJobAndCleansUp() throws Exception {
        spoolJob();
        assertThat(operationsFor(ID)).containsExactly("complete");
        assertThat(indexed).containsExactly("mug-1");
        assertThat(RunningVitrine.files(folder)).isEmpty();
    }

    @Test
    void completesAJobWhoseWorkAnEarlierRunDid() {
        assertThat(operationsFor(ID)).containsExactly("complete");
        assertThat(indexed).isEmpty();
    }

    @Test
    void givesUpOnAPictureThatIsAtFaultAndKeepsIt() throws Exception {
        spoolJob();
        embed = () -> {
            throw new UnusablePictureException(UnusablePictureException.Reason.DAMAGED, "broken");
        };
        assertThat(operationsFor(ID)).containsExactly("fail");
        assertThat(spool.picture(ID)).exists();
    }

    @Test
    void givesUpOnALostPicture() {
        withoutSpool = () -> {
            throw new LostPictureException("gone");
        };
        assertThat(operationsFor(ID)).containsExactly("fail");
    }

    @Test
    void givesUpAtOnceOnWhatTheIndexRefuses() throws Exception {
        spoolJob();
        indexFailure = () -> new RefusedByIndexException(new IllegalArgumentException("INVALID_ARGUMENT"));
        assertThat(operationsFor(ID)).containsExactly("fail");
        assertThat(spool.picture(ID)).exists();
    }

    @Test
    void holdsTheVectorUntilTheIndexIsBack() throws Exception {
        spoolJob();
        AtomicInteger embedded = new AtomicInteger();
        embed = () -> new float[] {embedded.incrementAndGet()};
        Iterator<RuntimeException> failures = List.<RuntimeException>of(
                        new IndexUnavailableException("away", null), new IndexUnavailableException("away", null))
                .iterator();
        indexFailure = () -> failures.hasNext() ? failures.next() : null;
        assertThat(operationsFor(ID)).containsExactly("complete");
        assertThat(indexed).containsExactly("mug-1");
        assertThat(embedded).hasValue(1);
    }

    @Test
    void putsAJobOffWhenTheIndexStaysAway() throws Exception {
        spoolJob();
        indexFailure = () -> new IndexUnavailableException("away", null);
        assertThat(operationsFor(ID)).containsExactly("retry");
        assertThat(spool.find(ID)).isPresent();
    }

    @Test
    void putsAJobOffWhenSomethingRunsOutOfMemory() throws Exception {
        spoolJob();
        embed = () -> {
            throw new OutOfMemoryError("for a test");
        };
        assertThat(operationsFor(ID)).containsExactly("retry");
    }
}
