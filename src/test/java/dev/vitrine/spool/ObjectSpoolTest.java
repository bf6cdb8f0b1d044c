package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

class ObjectSpoolTest extends SpoolContract {
    private static S3Server server;
    private static S3Front front;
    private static ObjectStore store;

    @TempDir
    private Path work;

    private Spool spool;

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
        store = new ObjectStores(S3Settings.read(S3Server.environment(front.endpoint())))
                .open("VITRINE_SPOOL", new StoreAddress(S3Server.BUCKET, "shop/owed/"));
    }

    @AfterAll
    static void stop() {
        store.close();
        front.close();
        server.close();
    }

    @BeforeEach
    void open() {
        spool = new ObjectSpool(store, work, Clock.systemUTC()).open();
    }

    @AfterEach
    void clear() {
        front.behave();
        server.clear();
    }

    @Override
    Spool spool() {
        return spool;
    }

    @Override
    void write(String name, byte[] content) {
        server.put(name, content);
    }

    @Override
    List<String> kept() {
        return server.keys("");
    }

    @Override
    void age() {
        front.timeIs(Duration.ofHours(1));
    }

    @Test
    void triesAgainWithPausesWhereTheStoreAsksForFewerRequests() throws IOException {
        accept("a");
        front.refuse(request -> request.method().equals("GET"), 2, 503, "SlowDown");
        front.seen();
        long start = System.nanoTime();

        assertThat(spool.find("a")).isPresent();

        assertThat(front.seen()).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    @Tag("slow")
    void saysThatTheStoreIsTooBusyWhereItStaysSo() {
        front.refuse("GET", 503, "SlowDown");
        assertThatThrownBy(() -> spool.check())
                .isInstanceOf(ObjectStoreException.class)
                .hasMessageContaining("fewer requests (SlowDown)");
    }

    @Test
    void emptiesWhatItMayNotDeleteSoThatItDoesNotRunAgain() throws IOException {
        accept("a");
        accept("b");
        front.refuse("DELETE", 403, "AccessDenied");

        spool.remove("a");

        assertThat(spool.owes("a")).isFalse();
        assertThat(spool.find("a")).isEmpty();
        assertThat(owed()).containsExactly("b");
        assertThat(spool.use().bytes()).as("only those of b").isLessThan(400);
        front.timeIs(Duration.ofHours(1));
        assertThat(spool.sweep(Duration.ofMinutes(15)))
                .as("nothing may be deleted")
                .isZero();
        assertThat(kept()).hasSize(4);

        front.behave();
        front.timeIs(Duration.ofHours(1));
        spool.remove("b"); // tells that objects may be deleted again
        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(2);
        assertThat(kept()).isEmpty();
    }

    @Test
    void emptiesAnAbandonedPictureThatItMayNotDelete() {
        write(spool.pictureName("orphan"), new byte[1_000]);
        front.refuse("DELETE", 403, "AccessDenied");
        front.timeIs(Duration.ofHours(1));
        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(1);
        assertThat(spool.sweep(Duration.ofMinutes(15))).as("it is empty").isZero();
        assertThat(spool.use().bytes()).isZero();
    }

    @Test
    void saysWhoseClockIsWrong() {
        front.timeIs(Duration.ofMinutes(-30));
        front.refuse(request -> true, Integer.MAX_VALUE, 403, "RequestTimeTooSkewed");
        assertThatThrownBy(() -> spool.check())
                .isInstanceOf(ObjectStoreException.class)
                .hasMessageContaining("clocks differ by 30 minutes")
                .hasMessageContaining("NTP");
    }

    @Test
    void signsByTheStoresClockOnceItWasRefusedForItsOwn() throws IOException {
        accept("a");
        front.timeIs(Duration.ofMinutes(-10)); // the server behind takes 15
        front.refuse(request -> true, 1, 403, "RequestTimeTooSkewed");
        front.seen();

        assertThat(spool.find("a")).isPresent();

        assertThat(front.seen()).hasSize(2);
    }

    @Test
    void goesByTheStoresClockAndNotByThisMachines() {
        front.timeIs(Duration.ofHours(-1)); // this machine is an hour ahead
        write(spool.pictureName("fresh"), new byte[1]);
        assertThat(spool.sweep(Duration.ofMinutes(15))).isZero();
        assertThat(kept()).hasSize(1);
    }

    @Test
    void seesMoreObjectsThanOnePageHas() {
        int jobs = 1_200;
        for (int i = 0; i < jobs; i++) {
            String id = "job-" + i;
            write(spool.pictureName(id), new byte[1]);
            write(spool.recordName(id), new byte[] {'{', '}'});
        }
        front.seen();
        assertThat(owed()).hasSize(jobs).doesNotHaveDuplicates();
        assertThat(front.seen()).as("requests for 2,400 objects").hasSize(3);
        assertThat(spool.use().files()).isEqualTo(2L * jobs);
        assertThat(front.seen()).as("was counted on the way").isEmpty();

        List<String> some = new ArrayList<>();
        String cursor = spool.someOwed("", 1_000, some::add);
        assertThat(some).hasSizeLessThan(jobs);
        assertThat(spool.someOwed(cursor, Integer.MAX_VALUE, some::add)).isEmpty();
        assertThat(some).hasSize(jobs).doesNotHaveDuplicates();
    }

    @Test
    void givesUpUploadsInPartsThatNobodyEndedBelowItsOwnPrefix() {
        beginParts("shop/owed/00/left.img");
        beginParts("another/left.img");
        front.timeIs(Duration.ofHours(1));
        spool.sweep(Duration.ofMinutes(15));
        assertThat(partsBegun()).as("none is a day old").hasSize(2);

        Spool later = new ObjectSpool(store, work, Clock.systemUTC()).open();
        front.timeIs(Duration.ofDays(2));
        later.sweep(Duration.ofMinutes(15));
        assertThat(partsBegun()).containsExactly("another/left.img");
    }

    private static void beginParts(String key) {
        ((S3Client) store.client())
                .createMultipartUpload(begin -> begin.bucket(S3Server.BUCKET).key(key));
    }

    private static List<String> partsBegun() {
        return ((S3Client) store.client())
                .listMultipartUploads(list -> list.bucket(S3Server.BUCKET)).uploads().stream()
                        .map(MultipartUpload::key)
                        .sorted()
                        .toList();
    }

    @Test
    void startsWithoutTheStoreAndSaysWhatIsMissing() throws IOException {
        front.goAway();
        Spool away = new ObjectSpool(store, work, Clock.systemUTC()).open();
        assertThatThrownBy(away::check)
                .isInstanceOf(ObjectStoreException.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("AWS_ENDPOINT_URL_S3");
        front.behave();
        away.check();
    }

    @Test
    void takesBackLaterWhatItCannotTakeBackNow() throws IOException {
        prepare("a");
        front.goAway();
        spool.discard("a");
        assertThat(kept()).hasSize(2);

        front.behave();
        spool.sweep(Duration.ofMinutes(15));

        assertThat(kept()).isEmpty();
    }
}
