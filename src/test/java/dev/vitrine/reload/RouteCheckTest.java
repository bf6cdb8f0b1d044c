package dev.vitrine.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.reload.RouteCheck.Finding;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteCheckTest {
    @TempDir
    private Path folder;

    private final Settings settings = Settings.load(RunningVitrine.HOME, Map.of());

    /** Checks the project's routes, one of them changed. */
    private List<Finding> checkWith(String name, String from, String to) throws Exception {
        List<Path> files = new ArrayList<>();
        for (Path file : Vitrine.routeFiles(settings)) {
            if (file.getFileName().toString().equals(name)) {
                String text = Files.readString(file);
                assertThat(text).contains(from);
                files.add(Files.writeString(folder.resolve(name), text.replace(from, to)));
            } else {
                files.add(file);
            }
        }
        return Vitrine.checkRoutes(settings, files);
    }

    private void assertFound(List<Finding> findings, String file, String... words) {
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).message()).contains(words);
        if (file != null) {
            assertThat(findings.get(0).file()).isEqualTo(folder.resolve(file));
        }
    }

    @Test
    void findsNothingWrongWithTheProjectsRoutes() throws Exception {
        assertThat(Vitrine.checkRoutes(settings, Vitrine.routeFiles(settings))).isEmpty();
    }

    @Test
    void findsBrokenYaml() throws IOException, Exception {
        assertFound(checkWith("search.camel.yaml", "- route:", "- route: ["), "search.camel.yaml", "line");
    }

    @Test
    void findsAMisspeltStep() throws Exception {
        assertFound(checkWith("index.camel.yaml", "- bean:", "- baen:"), "index.camel.yaml", "baen");
    }

    @Test
    void findsAMissingBean() throws Exception {
        assertFound(checkWith("index.camel.yaml", "ref: indexer", "ref: indexxer"), "index.camel.yaml", "indexxer");
    }

    @Test
    void findsAnUnknownOption() throws Exception {
        assertFound(
                checkWith("ingest-drop.camel.yaml", "maxMessagesPerPoll", "maxMessagePerPol"),
                "ingest-drop.camel.yaml",
                "maxMessagePerPol");
    }

    @Test
    void knowsThePropertiesOfTheConfigurationFile() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), "shop.pause=90000\n");
        Settings site = Settings.load(home, Map.of());
        List<Path> files = new ArrayList<>();
        for (Path file : Vitrine.routeFiles(settings)) {
            String text = Files.readString(file).replace("{{vitrine.upkeep.period}}", "{{shop.pause}}");
            files.add(Files.writeString(folder.resolve(file.getFileName().toString()), text));
        }
        assertThat(Vitrine.checkRoutes(site, files)).isEmpty();
        assertThat(Vitrine.checkRoutes(settings, files)).hasSize(1);
    }

    @Test
    void findsAMissingProperty() throws Exception {
        assertFound(checkWith("upkeep.camel.yaml", "vitrine.upkeep.period", "vitrine.upkep"), null, "vitrine.upkep");
    }

    @Test
    void findsARouteThatIsSentToAndMissing() throws Exception {
        assertFound(checkWith("search.camel.yaml", "direct:answer", "direct:anwser"), null, "direct:anwser");
    }
}
