package dev.vitrine.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.Settings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/scaling.md: what can be run here runs, and what cannot be is at least what it says it is. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ScalingGuideTest {
    private static final Path GUIDE = Path.of("docs/scaling.md");

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(GUIDE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Blocks of sh change nothing and need nothing but a JDK, or kubectl, which needs no cluster for them. */
    @Test
    void whatItSaysToRunHereRuns() throws Exception {
        List<String> lines = blocks("sh").stream().flatMap(String::lines).toList();
        assertThat(lines).hasSize(3);
        for (String line : lines) {
            if (line.startsWith("kubectl ") && bash("command -v kubectl").code != 0) {
                System.err.println("No kubectl here, so this is not run: " + line);
                continue;
            }
            Ran ran = bash(line);
            assertThat(ran.code).as(line + "\n" + ran.output).isZero();
            assertThat(ran.output).as(line).containsAnyOf("| machines |", "kind: ScaledObject");
        }
    }

    @Test
    void commandsForOtherMachinesAreCommands() throws Exception {
        for (String block : blocks("console")) {
            String script = block.lines()
                    .map(line -> line.replaceFirst("^\\w*\\$ +", ""))
                    .collect(Collectors.joining("\n"));
            Path file = Files.writeString(folder.resolve("pasted.sh"), script);
            assertThat(bash("bash -n " + file).output).as(script).isEmpty();
        }
    }

    @Test
    void theMachinesSettingsAreUnderstood() throws Exception {
        Properties properties = new Properties();
        properties.load(new StringReader(blocks("properties").get(0)));
        Map<String, String> environment = new HashMap<>();
        properties.forEach((name, value) -> environment.put(name.toString(), value.toString()));
        assertThat(Settings.load(folder, environment).unknown()).isEmpty();
    }

    @Test
    void linksAndPathsLeadSomewhere() throws Exception {
        String guide = Files.readString(GUIDE);
        Matcher links = Pattern.compile("]\\(([^):]*?)(?:#([^)]*))?\\)").matcher(guide);
        int count = 0;
        while (links.find()) {
            count++;
            Path target = links.group(1).isEmpty() ? GUIDE : GUIDE.resolveSibling(links.group(1));
            assertThat(target).exists();
            if (links.group(2) != null) {
                assertThat(headings(target)).as(target.toString()).contains(links.group(2));
            }
        }
        assertThat(count).isGreaterThan(5);
        Matcher paths = Pattern.compile("deploy/kubernetes/\\w+").matcher(guide);
        while (paths.find()) {
            assertThat(Path.of(paths.group())).isDirectory();
        }
        Matcher settings = Pattern.compile("VITRINE_[A-Z_]*[A-Z]").matcher(guide);
        List<String> known =
                Settings.ALL.stream().map(setting -> setting.name()).toList();
        while (settings.find()) {
            assertThat(known).contains(settings.group());
        }
    }

    private static List<String> headings(Path file) throws IOException {
        return Arrays.stream(Files.readString(file).split("\n"))
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase()
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @TempDir
    Path folder;

    private record Ran(int code, String output) {}

    private static Ran bash(String line) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }
}
