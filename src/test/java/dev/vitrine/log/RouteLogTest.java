package dev.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a site's route logs is seen, with the route's id. */
class RouteLogTest {
    private static final String HELLO =
            """
            - route:
                id: shelf.camera
                from:
                  uri: timer:hello
                  parameters:
                    repeatCount: 1
                  steps:
                    - log: "hello"
                    - log:
                        message: in detail
                        loggingLevel: DEBUG
            """;

    @TempDir
    private Path folder;

    @Test
    void aStepLogPrintsAtTheLevelOfTheService() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        RunningVitrine.copyRoutes(home);
        Files.writeString(home.resolve("routes/hello.camel.yaml"), HELLO);
        Path log = folder.resolve("log");
        try (ServiceProcess service = new ServiceProcess(
                        home,
                        RunningVitrine.environment(home.resolve("data"), Map.of("VITRINE_LOG_LEVEL", "DEBUG")),
                        log)
                .launch()
                .awaitReady()) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(Files.readString(log))
                    .containsPattern("(?m)^\\S+ INFO  shelf\\.camera: hello$")
                    .containsPattern("(?m)^\\S+ DEBUG shelf\\.camera: in detail$"));
        }
        assertThat(Files.readString(log)).as("libraries").doesNotContain("DefaultCamelContext", "io.netty");
    }

    @ParameterizedTest
    @CsvSource({", INFO", "DEBUG, DEBUG", "WARN, WARN"})
    void theSettingRaisesAndLowersOursAndTheRoutesAlone(String setting, String level) throws Exception {
        LoggerContext context = new LoggerContext();
        if (setting != null) {
            context.putProperty("VITRINE_LOG_LEVEL", setting);
        }
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
        try {
            assertThat(context.getLogger("route.studio").getEffectiveLevel()).isEqualTo(Level.valueOf(level));
            assertThat(context.getLogger("dev.vitrine.X").getEffectiveLevel()).isEqualTo(Level.valueOf(level));
            assertThat(context.getLogger("org.apache.camel.X").getEffectiveLevel())
                    .isEqualTo(Level.WARN);
        } finally {
            context.stop();
        }
    }
}
