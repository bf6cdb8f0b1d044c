package dev.vitrine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.image.PictureInspector;
import dev.vitrine.testing.Pictures;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    @TempDir
    private Path folder;

    private Instant now = Instant.now().plusSeconds(3_600);
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final Inbox inbox = new Inbox(
            Duration.ofSeconds(1), Duration.ofSeconds(30), new PictureInspector(1_000_000), clock, () -> true);

    @Test
    void waitsForAFewSecondsAfterAFailureThatIsNotThePicturesOwn() throws IOException {
        GenericFile<File> dropped = dropped("mug.jpg");
        DefaultExchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(dropped.getFile());
        assertThat(inbox.accept(dropped)).isTrue();

        inbox.pause(new IOException("No space left on device"));

        assertThat(inbox.accept(dropped)).isFalse();
        assertThatThrownBy(() -> inbox.read(exchange)).hasMessageContaining("waits");
        now = now.plusSeconds(6);
        assertThat(inbox.accept(dropped)).isTrue();
        inbox.read(exchange);
        assertThat(exchange.getMessage().getHeader("product_id")).isEqualTo("mug");
    }

    private GenericFile<File> dropped(String name) throws IOException {
        Path picture = Files.write(folder.resolve(name), Pictures.jpeg(1));
        GenericFile<File> file = new GenericFile<>();
        file.setFile(picture.toFile());
        return file;
    }
}
