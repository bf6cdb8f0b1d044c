package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link LastingThreadPools} and {@link ConsumerHealth}: no route stops to poll without anybody being told. */
class LastingConsumersTest {
    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final AtomicInteger errors = new AtomicInteger(1);
    private final AtomicInteger taken = new AtomicInteger();
    private Instant now = Instant.now();
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final ConsumerHealth health = new ConsumerHealth(camel, clock);

    @BeforeEach
    void bind() {
        health.setCamelContext(camel);
        camel.getRegistry().bind("filter", (GenericFileFilter<Object>) file -> {
            if (errors.getAndDecrement() > 0) {
                throw new StackOverflowError();
            }
            return true;
        });
        camel.getRegistry().bind("threads", new ScheduledThreadPoolExecutor(1));
    }

    @AfterEach
    void close() throws Exception {
        camel.close();
    }

    @Test
    void anErrorWhilePollingEndsNoConsumer() throws Exception {
        camel.getExecutorServiceManager().setThreadPoolFactory(new LastingThreadPools());
        start("");
        Files.writeString(folder.resolve("file"), "x");

        await().until(() -> taken.get() == 1);
        assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void aConsumerWhosePollsHaveEndedIsDown() throws Exception {
        start("&scheduledExecutorService=#threads"); // as the JDK has them: after an Error nothing runs
        Files.writeString(folder.resolve("file"), "x");
        await().until(() -> errors.get() == 0);

        assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP);
        now = now.plus(Duration.ofMinutes(1));

        HealthCheck.Result result = health.call();
        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage().orElseThrow()).contains("watched");
        assertThat(taken).hasValue(0);
    }

    @Test
    void aConsumerThatWasStoppedBehindItsRouteIsDown() throws Exception {
        errors.set(0);
        start("");
        assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP);

        ServiceHelper.stopService((DefaultConsumer) camel.getRoute("watched").getConsumer());

        assertThat(health.call().getState()).isEqualTo(HealthCheck.State.DOWN);
    }

    @Test
    void aRouteThatSomebodyStoppedOrSuspendedIsNoFault() throws Exception {
        errors.set(0);
        start("");
        camel.getRouteController().suspendRoute("watched");
        assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP);
        camel.getRouteController().stopRoute("watched");
        assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    private void start(String options) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "?filter=#filter&initialDelay=0&delay=20" + options)
                        .id("watched")
                        .process(exchange -> taken.incrementAndGet());
            }
        });
        camel.start();
    }
}
