package dev.vitrine.catalogue.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the pictures of a catalogue are. */
class ImageBaseTest {
    @TempDir
    private Path folder;

    @Test
    void pathsAreBelowTheFolder() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Files.writeString(folder.resolve("secret.jpg"), "x");
        Files.createSymbolicLink(pictures.resolve("link.jpg"), folder.resolve("secret.jpg"));
        ImageBase base = ImageBase.folder(pictures);

        assertThat(base.pathOf("a/b.jpg")).isEqualTo(pictures.resolve("a/b.jpg"));
        assertThat(base.pathOf("/a/b.jpg")).as("as Magento writes it").isEqualTo(pictures.resolve("a/b.jpg"));
        assertThat(base.pathOf("a\\b.jpg")).as("as Windows writes it").isEqualTo(pictures.resolve("a/b.jpg"));
        assertThat(base.pathOf(pictures.resolve("c.jpg").toString())).isEqualTo(pictures.resolve("c.jpg"));
        for (String outside : new String[] {"../secret.jpg", "a/../../secret.jpg", "link.jpg", "..\\secret.jpg"}) {
            assertThatThrownBy(() -> base.pathOf(outside)).hasMessageContaining("leads out of the folder");
        }
    }

    @Test
    void urlsAreBelowTheUrl() throws IOException {
        ImageBase media = ImageBase.url("https://shop.example/media/catalog/");
        assertThat(media.urlOf("/a/b c.jpg")).contains("https://shop.example/media/catalog/a/b%20c.jpg");
        assertThat(media.urlOf("https://cdn.example/x.jpg")).contains("https://cdn.example/x.jpg");

        ImageBase feed = ImageBase.url("https://shop.example/feeds/all.csv");
        assertThat(feed.urlOf("1.jpg")).contains("https://shop.example/feeds/1.jpg");
        assertThat(feed.urlOf("/1.jpg")).contains("https://shop.example/1.jpg");
    }

    @Test
    void withoutABaseOnlyUrlsAreTaken() throws IOException {
        assertThat(ImageBase.none().urlOf("https://cdn.example/x.jpg")).isPresent();
        assertThat(ImageBase.none().urlOf("x.jpg")).isEmpty();
        assertThatThrownBy(() -> ImageBase.none().pathOf("x.jpg")).hasMessageContaining("image base");
    }
}
