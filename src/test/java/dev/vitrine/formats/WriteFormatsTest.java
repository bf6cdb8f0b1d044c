package dev.vitrine.formats;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Makes the samples of a release: {@code mvn test -Dtest=WriteFormatsTest -Dformats.release=0.1.0}, once, when it is released. */
@EnabledIfSystemProperty(named = "formats.release", matches = "[0-9].*")
class WriteFormatsTest {
    @Test
    void writesWhatThisReleaseLeavesBehind(@TempDir Path work) throws Exception {
        Path samples = Path.of("src/test/resources/formats", System.getProperty("formats.release"));
        WrittenInstallation.delete(samples);
        Files.createDirectories(samples);
        new WrittenInstallation(samples.toAbsolutePath()).write(work);
    }
}
