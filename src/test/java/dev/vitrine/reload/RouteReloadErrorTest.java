package dev.vitrine.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watching goes on whatever a look at the files meets, and what it met is said. */
class RouteReloadErrorTest {
    private static final String ROUTE =
            """
            - route:
                id: %s
                from:
                  uri: direct
                  parameters:
                    name: %1$s
                  steps:
                    - log:
                        id: %1$s-log
                        message: hello
            """;

    private static final Entrance OPEN = new Entrance() {
        @Override
        public boolean hold(Duration patience) {
            return true;
        }

        @Override
        public void open() {}
    };

    @TempDir
    private Path home;

    private Path file(String name) {
        return home.resolve("routes").resolve(name + ".camel.yaml");
    }

    private void write(String name) throws Exception {
        Files.createDirectories(home.resolve("routes"));
        Files.writeString(file(name), ROUTE.formatted(name));
    }

    private static void await(RouteReload reload, String status) {
        Awaitility.await(status)
                .atMost(Duration.ofSeconds(20))
                .until(() -> reload.state().status().equals(status));
    }

    private static RouteCheck check() {
        return new RouteCheck(Map.of(), new Properties());
    }

    private RouteReload watch(DefaultCamelContext camel, Supplier<RouteCheck> checks) throws Exception {
        RouteFolders folders = new RouteFolders(home);
        return new RouteReload(
                        home.toAbsolutePath().normalize(),
                        folders,
                        folders.read(),
                        checks,
                        new RouteSwap(camel, OPEN, Duration.ofSeconds(1)),
                        Clock.fixed(Instant.parse("2026-01-31T07:00:00Z"), ZoneOffset.UTC))
                .start();
    }

    @Test
    void anErrorOfTheCheckIsSaidAndTheNextChangeIsTakenUp() throws Exception {
        write("one");
        AtomicInteger checks = new AtomicInteger();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.disableJMX();
            camel.start();
            try (RouteReload reload = watch(camel, () -> {
                switch (checks.incrementAndGet()) {
                    case 1 -> throw new StackOverflowError("too deep");
                    case 2 -> throw new OutOfMemoryError("too large");
                    default -> {
                        return check();
                    }
                }
            })) {
                write("two");
                await(reload, "refused");
                assertThat(reload.state().problems().toString()).contains("too deep");

                write("three");
                Awaitility.await()
                        .until(() -> reload.state().problems().toString().contains("too large"));

                write("four");
                await(reload, "current");
                assertThat(camel.getRoute("four")).isNotNull();
                assertThat(reload.state().changedAt()).isEqualTo("2026-01-31T07:00:00.000Z");
            }
        }
    }

    @Test
    void filesThatCannotBeReadAreSaidAndTakenUpWhenTheyCan() throws Exception {
        write("one");
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.disableJMX();
            camel.start();
            try (RouteReload reload = watch(camel, RouteReloadErrorTest::check)) {
                Files.write(file("latin"), new byte[] {'#', ' ', (byte) 0xE9, '\n'});
                await(reload, "refused");
                assertThat(reload.state().problems().toString()).contains("latin");

                Files.delete(file("latin"));
                write("two");
                await(reload, "current");
                Awaitility.await().until(() -> camel.getRoute("two") != null);
            }
        }
    }

    @Test
    void aRemovedFileIsLoggedAsRemoved() throws Exception {
        write("one");
        try (DefaultCamelContext camel = new DefaultCamelContext();
                LogLines log = new LogLines(RouteReload.class)) {
            camel.disableJMX();
            camel.start();
            try (RouteReload reload = watch(camel, RouteReloadErrorTest::check)) {
                Files.delete(file("one"));
                write("two");
                Awaitility.await().until(() -> reload.state().changedAt() != null);
                Awaitility.await().untilAsserted(() -> assertThat(log.messages().toString())
                        .contains("Removed routes/one.camel.yaml", "Reloaded routes/two.camel.yaml")
                        .doesNotContain("Reloaded routes/one"));
            }
        }
        assertThat(RunningVitrine.names(home.resolve("routes"))).containsExactly("two.camel.yaml");
    }
}
