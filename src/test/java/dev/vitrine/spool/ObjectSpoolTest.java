package dev.vitrine.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.testing.S3Bucket;
import dev.vitrine.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

class ObjectSpoolTest extends SpoolContract {
    @RegisterExtension
    static final S3Bucket bucket = new S3Bucket("VITRINE_SPOOL", "shop/owed/");

    @TempDir
    private Path work;

    private Spool spool;

    @BeforeEach
    void open() {
        spool = new ObjectSpool(bucket.store(), work, Clock.systemUTC()).open();
    }

    @Override
    Spool spool() {
        return spool;
    }

    @Override
    void write(String name, byte[] content) {
        bucket.server().put(name, content);
    }

    @Override
    List<String> kept() {
        return bucket.server().keys("");
    }

    @Override
    void age() {
        bucket.front().timeIs(Duration.ofHours(1));
    }

    @Test
    void triesAgainWithPausesWhereTheStoreAsksForFewerRequests() throws IOException {
        accept("a");
        bucket.front().refuse(request -> request.method().equals("GET"), 2, 503, "SlowDown");
        bucket.front().seen();
        long start = System.nanoTime();

        assertThat(spool.find("a")).isPresent();

        assertThat(bucket.front().seen()).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    @Tag("slow")
    void saysThatTheStoreIsTooBusyWhereItStaysSo() {
        bucket.front().refuse("GET", 503, "SlowDown");
        assertThatThrownBy(() -> spool.check())
                .isInstanceOf(ObjectStoreException.class)
                .hasMessageContaining("fewer requests (SlowDown)");
    }

    @Test
    void emptiesWhatItMayNotDeleteSoThatItDoesNotRunAgain() throws IOException {
        accept("a");
        accept("b");
        bucket.front().refuse("DELETE", 403, "AccessDenied");

        spool.remove("a");

        assertThat(spool.owes("a")).isFalse();
        assertThat(spool.find("a")).isEmpty();
        assertThat(owed()).containsExactly("b");
        assertThat(spool.use().bytes()).as("only those of b").isLessThan(400);
        bucket.front().timeIs(Duration.ofHours(1));
        assertThat(spool.sweep(Duration.ofMinutes(15)))
                .as("nothing may be deleted")
                .isZero();
        assertThat(kept()).hasSize(4);

        bucket.front().behave();
        bucket.front().timeIs(Duration.ofHours(1));
        spool.remove("b"); // tells that objects may be deleted again
        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(2);
        assertThat(kept()).isEmpty();
    }

    @Test
    void emptiesAnAbandonedPictureThatItMayNotDelete() {
        write(spool.pictureName("orphan"), new byte[1_000]);
        bucket.front().refuse("DELETE", 403, "AccessDenied");
        bucket.front().timeIs(Duration.ofHours(1));
        assertThat(spool.sweep(Duration.ofMinutes(15))).isEqualTo(1);
        assertThat(spool.sweep(Duration.ofMinutes(15))).as("it is empty").isZero();
        assertThat(spool.use().bytes()).isZero();
    }

    @Test
    void saysWhoseClockIsWrong() {
        bucket.front().timeIs(Duration.ofMinutes(-30));
        bucket.front().refuse(request -> true, Integer.MAX_VALUE, 403, "RequestTimeTooSkewed");
        assertThatThrownBy(() -> spool.check())
                .isInstanceOf(ObjectStoreException.class)
                .hasMessageContaining("clocks differ by 30 minutes")
                .hasMessageContaining("NTP");
    }

    @Test
    void signsByTheStoresClockOnceItWasRefusedForItsOwn() throws IOException {
        accept("a");
        bucket.front().timeIs(Duration.ofMinutes(-10)); // the server behind takes 15
        bucket.front().refuse(request -> true, 1, 403, "RequestTimeTooSkewed");
        bucket.front().seen();

        assertThat(spool.find("a")).isPresent();

        assertThat(bucket.front().seen()).hasSize(2);
    }

    @Test
    void goesByTheStoresClockAndNotByThisMachines() {
        bucket.front().timeIs(Duration.ofHours(-1)); // this machine is an hour ahead
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
        bucket.front().seen();
        assertThat(owed()).hasSize(jobs).doesNotHaveDuplicates();
        assertThat(bucket.front().seen()).as("requests for 2,400 objects").hasSize(3);
        assertThat(spool.use().files()).isEqualTo(2L * jobs);
        assertThat(bucket.front().seen()).as("was counted on the way").isEmpty();

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
        bucket.front().timeIs(Duration.ofHours(1));
        spool.sweep(Duration.ofMinutes(15));
        assertThat(partsBegun()).as("none is a day old").hasSize(2);

        Spool later = new ObjectSpool(bucket.store(), work, Clock.systemUTC()).open();
        bucket.front().timeIs(Duration.ofDays(2));
        later.sweep(Duration.ofMinutes(15));
        assertThat(partsBegun()).containsExactly("another/left.img");
    }

    private static void beginParts(String key) {
        ((S3Client) bucket.store().client())
                .createMultipartUpload(begin -> begin.bucket(S3Server.BUCKET).key(key));
    }

    private static List<String> partsBegun() {
        return ((S3Client) bucket.store().client())
                .listMultipartUploads(list -> list.bucket(S3Server.BUCKET)).uploads().stream()
                        .map(MultipartUpload::key)
                        .sorted()
                        .toList();
    }

    @Test
    void startsWithoutTheStoreAndSaysWhatIsMissing() throws IOException {
        bucket.front().goAway();
        Spool away = new ObjectSpool(bucket.store(), work, Clock.systemUTC()).open();
        assertThatThrownBy(away::check)
                .isInstanceOf(ObjectStoreException.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("AWS_ENDPOINT_URL_S3");
        bucket.front().behave();
        away.check();
    }

    @Test
    void takesBackLaterWhatItCannotTakeBackNow() throws IOException {
        prepare("a");
        bucket.front().goAway();
        spool.discard("a");
        assertThat(kept()).hasSize(2);

        bucket.front().behave();
        spool.sweep(Duration.ofMinutes(15));

        assertThat(kept()).isEmpty();
    }
}
