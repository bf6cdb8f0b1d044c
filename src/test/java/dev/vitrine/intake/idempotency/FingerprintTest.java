package dev.vitrine.intake.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    @TempDir
    Path folder;

    private String of(String content) throws IOException {
        Path file = Files.write(folder.resolve("file"), content.getBytes(StandardCharsets.ISO_8859_1));
        return new Fingerprint().add(file.toFile()).hex();
    }

    @Test
    void isOfEachByteButThoseThatAFormsLineEndMayLeave() throws IOException {
        String picture = "\u00ff\u00d8\rpicture";

        assertThat(of(picture + "\r")).isEqualTo(of(picture)).isEqualTo(of(picture + "\r\r"));
        assertThat(of(picture + "\n")).isNotEqualTo(of(picture));
        assertThat(of(picture + "\r\n")).isNotEqualTo(of(picture));
        assertThat(of(picture.substring(1))).isNotEqualTo(of(picture));
        assertThat(of("\r")).isEqualTo(of(""));
    }
}
