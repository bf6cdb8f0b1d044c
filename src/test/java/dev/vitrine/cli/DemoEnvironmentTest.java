package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo beside a shop's service takes nothing of the shop, whatever the environment says. */
class DemoEnvironmentTest {
    @TempDir
    private Path shop;

    @Test
    void leavesTheShopsDropFolderAloneAndUsesAPortOfItsOwn() throws Exception {
        Path inbox = Files.createDirectories(shop.resolve("inbox"));
        Path picture = Files.write(inbox.resolve("mug.jpg"), Pictures.jpeg(1));
        Path out = shop.resolve("out");
        ProcessBuilder demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dvitrine.home=" + RunningVitrine.HOME,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "demo")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        demo.environment()
                .putAll(Map.of(
                        "VITRINE_HTTP_PORT",
                        "18099",
                        "VITRINE_INBOX",
                        inbox.toString(),
                        "VITRINE_DATA_DIR",
                        shop.resolve("data").toString(),
                        "VITRINE_MODEL",
                        "vitrine-mini"));
        Process process = demo.start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(picture).exists();
        assertThat(shop.resolve("data")).doesNotExist();
    }
}
