package dev.vitrine.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.NameResolver;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.QueueSettings;
import dev.vitrine.queue.RedisConnections;
import dev.vitrine.queue.RedisExtension;
import dev.vitrine.spool.FolderSpool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is owed where a process dies or Redis is away, over a real Redis. */
@ExtendWith(RedisExtension.class)
class CallbacksTest {
    private static final String URL = "https://hooks.example/a";
    private static final Duration LEASE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicBoolean isRedisThere = new AtomicBoolean(true);
    private FolderSpool spool;
    private JobQueue jobs;
    private JobQueue messages;
    private Callbacks callbacks;

    @BeforeEach
    void prepare(RedisConnections connections) throws IOException {
        spool = new FolderSpool(folder.resolve("spool")).open();
        jobs = new JobQueue(connections.template(), "vitrine", QueueSettings.DEFAULT);
        messages = new JobQueue(connections.template(), "vitrine-callbacks", QueueSettings.DEFAULT);
        callbacks = forAll(null);
    }

    private Callbacks forAll(String url) throws IOException {
        CallbackSettings settings = new CallbackSettings(
                new AllowedHosts("VITRINE_CALLBACK_HOSTS", List.of("hooks.example"), NameResolver.SYSTEM),
                new SigningSecrets("VITRINE_CALLBACK_SECRETS", List.of()),
                Optional.ofNullable(url));
        return new Callbacks(
                settings,
                new FolderCallbacks(folder.resolve("callbacks")).open(),
                spool,
                jobs,
                messages,
                isRedisThere::get,
                new CallbackMeters(registry),
                Clock.systemUTC());
    }

    private static Job job(String url) {
        String id = UuidCreator.getTimeOrderedEpoch().toString();
        long now = System.currentTimeMillis();
        return new Job(id, "mug-1", "main", "Mug", Map.of(), now, "image/jpeg", null, url);
    }

    private static JobEvent completed(Job job) {
        long now = System.currentTimeMillis();
        return new JobEvent(
                job.id(),
                "lease",
                2,
                JobStatus.COMPLETED,
                null,
                null,
                null,
                null,
                now,
                now,
                now,
                "w",
                "clip",
                null,
                null);
    }

    private Job accepted(String url) throws IOException {
        Job job = job(url);
        Files.createDirectories(spool.picture(job.id()).getParent());
        Files.write(spool.picture(job.id()), new byte[1]);
        Files.write(spool.folder().resolve(spool.recordName(job.id())), new ObjectMapper().writeValueAsBytes(job));
        spool.commit(job.id());
        jobs.upkeep().enqueueIfMissing(JobState.queued(job), job.version());
        return job;
    }

    /** The ids that wait, in their order. */
    private List<String> waiting() {
        List<String> ids = new ArrayList<>();
        messages.upkeep().forEachOwed(ids::add);
        return ids;
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder.resolve("callbacks"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aJobThatNobodyAskedAboutLeavesNothing() throws IOException {
        Job job = job(null);
        callbacks.ending(job);
        callbacks.ended(completed(job));
        callbacks.refill(Duration.ZERO);
        assertThat(files()).isEmpty();
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aWebhookOutlivesACrashBetweenTheWorkAndItsEnd() {
        Job job = job(URL);
        callbacks.ending(job);
        callbacks.refill(Duration.ofMinutes(1));
        assertThat(waiting()).as("it may still be on its way").isEmpty();
        callbacks.refill(Duration.ZERO);
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).containsExactly(job.id() + "_u");
        assertThat(callbacks.load(job.id() + "_u").job())
                .satisfies(state -> assertThat(state.status()).isEqualTo(JobStatus.COMPLETED))
                .satisfies(state -> assertThat(state.productId()).isEqualTo("mug-1"));
    }

    /** Another worker finds the work done, and knows of the job no more than its id. */
    @Test
    void theEndCompletesWhatWasKnownBefore() {
        Job job = job(URL);
        callbacks.ending(job);
        callbacks.ended(completed(job));
        JobState told = callbacks.load(job.id() + "_u").job();
        assertThat(told.name()).isEqualTo("Mug");
        assertThat(told.model()).isEqualTo("clip");
        assertThat(told.attempts()).isEqualTo(2);
        assertThat(waiting()).containsExactly(job.id() + "_u");
    }

    @Test
    void whatWasDeliveredIsNotOwedAgainWhereItsProcessDiedBeforeItCouldSaySo() throws IOException {
        Job job = job(URL);
        callbacks.ending(job);
        callbacks.ended(completed(job));
        messages.complete(messages.take(1, "w", LEASE).deliveries().get(0), null);
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).isEmpty();
        assertThat(files()).isEmpty();
        callbacks.ending(job);
        callbacks.ended(completed(job));
        assertThat(waiting()).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void whileRedisIsAwayAWebhookIsKept() throws IOException {
        isRedisThere.set(false);
        Job job = job(URL);
        callbacks.ending(job);
        callbacks.ended(completed(job));
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).isEmpty();
        assertThat(files()).containsExactly(job.id() + "_u.json");
        isRedisThere.set(true);
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).containsExactly(job.id() + "_u");
    }

    @Test
    void aFailureThatACrashKeptFromBeingToldIsFoundAmongTheDeadLetters() throws IOException {
        Job job = accepted(URL);
        jobs.bury(jobs.take(1, "w", LEASE).deliveries().get(0), "it shows nothing", "");
        callbacks.refill(Duration.ZERO);
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).hasSize(1);
        String id = waiting().get(0);
        assertThat(id).startsWith(job.id() + "_u_").doesNotContain(".");
        assertThat(callbacks.load(id).job().error()).isEqualTo("it shows nothing");
        messages.take(1, "w", LEASE).deliveries().forEach(delivery -> messages.complete(delivery, null));
        callbacks.delivered(id);
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).as("told once").isEmpty();
        jobs.retryDead(job.id());
        jobs.bury(jobs.take(1, "w", LEASE).deliveries().get(0), "still nothing", "");
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).as("another failure").hasSize(1).doesNotContain(id);
    }

    @Test
    void theUrlForAllIsToldBesideThatOfTheUploadAndOnceWhereTheyAreTheSame() throws IOException {
        callbacks = forAll("https://hooks.example/all");
        Job job = job(URL);
        callbacks.ending(job);
        callbacks.ended(completed(job));
        assertThat(waiting()).containsExactlyInAnyOrder(job.id() + "_u", job.id() + "_a");
        callbacks = forAll(URL);
        Job other = job(URL);
        callbacks.ending(other);
        callbacks.ended(completed(other));
        assertThat(waiting()).contains(other.id() + "_u").doesNotContain(other.id() + "_a");
    }

    @Test
    void aWebhookThatCannotBeWrittenDownIsCountedAndDoesNotFailItsJob() throws IOException {
        Files.delete(folder.resolve("callbacks"));
        Job job = job(URL);
        assertThatCode(() -> callbacks.ending(job)).doesNotThrowAnyException();
        assertThatCode(() -> callbacks.ended(completed(job))).doesNotThrowAnyException();
        assertThat(registry.counter("vitrine.callbacks", "outcome", "lost").count())
                .isOne();
    }

    @Test
    void aFileThatCannotBeUnderstoodHoldsUpNoOther() throws IOException {
        Files.writeString(folder.resolve("callbacks/half_u.json"), "{\"id\":\"ha");
        Job job = job(URL);
        callbacks.ending(job);
        callbacks.refill(Duration.ZERO);
        assertThat(waiting()).containsExactly(job.id() + "_u");
        assertThat(files()).containsExactlyInAnyOrder("half_u.unreadable", job.id() + "_u.json");
    }

    @Test
    void recordsOfOtherVersionsAreRead() throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(json.writeValueAsString(job(null))).doesNotContain("callback_url");
        assertThat(json.readValue("{\"job_id\":\"x\",\"version\":1}", Job.class).callbackUrl())
                .isNull();
        Files.writeString(
                folder.resolve("callbacks/x_u.json"),
                "{\"id\":\"x_u\",\"url\":\"u\",\"since\":1,\"new\":2,\"job\":{\"job_id\":\"x\",\"newer\":3}}");
        assertThat(callbacks.load("x_u").job().id()).isEqualTo("x");
    }
}
