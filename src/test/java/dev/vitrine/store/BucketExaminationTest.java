package dev.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.part.Diagnosis;
import dev.vitrine.part.Diagnosis.Verdict;
import dev.vitrine.testing.S3Front;
import dev.vitrine.testing.S3Server;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BucketExaminationTest {
    private static S3Server server;
    private static S3Front front;

    @BeforeAll
    static void start() {
        server = S3Server.start();
        front = S3Front.before(server);
    }

    @AfterAll
    static void stop() {
        front.close();
        server.close();
    }

    @AfterEach
    void behave() {
        front.behave();
        server.clear();
    }

    private static List<Diagnosis> examine(String spool) {
        Map<String, String> environment = new HashMap<>(S3Server.environment(front.endpoint()));
        return new BucketExamination(
                        "spool",
                        "VITRINE_SPOOL",
                        StoreAddress.of("VITRINE_SPOOL", spool),
                        S3Settings.read(environment),
                        Clock.systemUTC())
                .run();
    }

    @Test
    void hasNothingToSayOfAFolder() {
        assertThat(examine("spool")).isEmpty();
    }

    @Test
    void findsAllInOrderAndLeavesNothing() {
        assertThat(examine("s3://vitrine/shop")).hasSize(5).allMatch(one -> one.verdict() == Verdict.GOOD);
        assertThat(server.keys("")).isEmpty();
    }

    @Test
    void namesTheRightThatIsMissing() {
        front.refuse("DELETE", 403, "AccessDenied");
        assertThat(examine("s3://vitrine/shop"))
                .filteredOn(one -> one.verdict() == Verdict.FAULT)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.subject()).isEqualTo("spool, delete objects");
                    assertThat(one.advice()).contains("s3:DeleteObject");
                });
    }

    @Test
    void saysOnceThatTheStoreIsAway() {
        front.goAway();
        assertThat(examine("s3://vitrine/shop")).singleElement().satisfies(one -> assertThat(one.found())
                .contains("cannot be reached"));
    }

    @Test
    void saysThatThereIsNoSuchBucket() {
        assertThat(examine("s3://nowhere/shop")).singleElement().satisfies(one -> assertThat(one.found())
                .contains("no such bucket"));
    }

    @Test
    void comparesTheClocks() {
        front.timeIs(Duration.ofMinutes(3));
        assertThat(examine("s3://vitrine/shop"))
                .filteredOn(one -> one.verdict() == Verdict.ADVICE)
                .singleElement()
                .satisfies(one -> assertThat(one.found()).contains("ahead"));
    }
}
